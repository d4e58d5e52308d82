import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Submitted } from "../../protocol/jobs.ts";
import type { TestClient } from "../support/client.ts";
import { boundary, field, filePart, makeForm, sendForm } from "./support/form.ts";
import { expectProblem } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { countStored, storedFile } from "./support/stored.ts";

const cluster = shareCluster({ api: 1, workers: 0, env: { LIMIT_JOBS: "1000" } });
const path = "/api/v1/datasets";

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

const stored = () => countStored(cluster());
const send = (body: Uint8Array<ArrayBuffer>, more: Parameters<typeof sendForm>[2] = {}) =>
  sendForm(ann, body, more);
const sourceOf = async (jobId: string) => {
  const jobs = cluster().mongo.collection<{ _id: string; source?: object }>("jobs");
  return (await jobs.findOne({ _id: jobId }))?.source;
};
const csv = filePart();

describe("an upload as a form", () => {
  it("is taken as browsers send it, its fields behind the file", async () => {
    const text = `naïve,🐘\r\n"1,\n",2\r\n\r\n--${boundary}x\r\n${"x".repeat(200_000)},3`;
    const options = { header: false, columns: [{ name: "column_1", type: "string" }] };
    const form = new FormData();
    form.append("file", new Blob([text], { type: "text/csv" }), "elefänte.csv");
    form.append("options", JSON.stringify(options));
    form.append("name", "Elephants 🐘");

    const init = { method: "POST", body: form };
    const { status, headers, body } = await ann.call<Submitted>(path, init);

    expect(status).toBe(202);
    expect(headers.get("Location")).toBe(`/api/v1/jobs/${body.job.id}`);
    const bytes = Buffer.from(text);
    expect(body.dataset).toMatchObject({
      name: "Elephants 🐘",
      format: "csv",
      bytes: bytes.length,
    });
    expect((await storedFile(cluster(), body.dataset.id)).equals(bytes)).toBe(true);
    expect(await sourceOf(body.job.id)).toMatchObject({ format: "csv", options });
  });

  it.each([
    ["before the file", [field("name", "n"), field("options", '{"delimiter":";"}'), csv], ""],
    ["around the file", [field("name", "n"), csv, field("options", '{"delimiter":";"}')], ""],
    ["in the query", [csv], '?name=n&options={"delimiter":";"}'],
    ["here and there", [field("options", '{"delimiter":";"}'), csv], "?name=n"],
  ])("may say %s how it is meant", async (_where, parts, query) => {
    const { body } = await send(makeForm(...parts), { query });

    expect(body.dataset).toMatchObject({ name: "n", bytes: 4 });
    expect(await sourceOf(body.job.id)).toMatchObject({ options: { delimiter: ";" } });
  });

  it.each([
    ["the file's own", filePart("a\n", { fileName: "größe 1.csv" }), "größe 1.csv"],
    ["the file's own without its folders", filePart("a\n", { fileName: "../x/y.csv" }), "y.csv"],
    ["cut to 200 characters", filePart("a\n", { fileName: "🐘".repeat(300) }), "🐘".repeat(200)],
    ["Untitled where the file has none", { ...csv, fileName: "" }, "Untitled"],
  ])("has a name if none is given: %s", async (_what, part, name) => {
    const given = await send(makeForm(part));
    const empty = await send(makeForm(part, field("name", "")));

    expect(given.body.dataset.name).toBe(name);
    expect(empty.body.dataset.name).toBe(name);
  });

  it("of a file without a name is one, too", async () => {
    const { name, type, content } = csv;

    const { body } = await send(makeForm({ name, content, ...(type && { type }) }));

    expect(body.dataset).toMatchObject({ name: "Untitled", format: "csv", bytes: 4 });
  });

  it("of an empty file is taken; its job will say what is wrong", async () => {
    const { status, body } = await send(makeForm(filePart("")));

    expect(status).toBe(202);
    expect(body.dataset.bytes).toBe(0);
  });

  it("may be packed", async () => {
    const packed = new Uint8Array(gzipSync(makeForm(csv, field("name", "packed"))));

    const { body } = await send(packed, { headers: { "Content-Encoding": "gzip" } });

    expect(body.dataset).toMatchObject({ name: "packed", bytes: 4 });
  });

  it("is the same call as the raw file under one Idempotency-Key, and another with others", async () => {
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const raw = await ann.upload("a\n1\n", { headers });

    const same = await send(makeForm(csv), { headers });
    const other = await send(makeForm(csv, field("options", '{"header":false}')), { headers });

    expect(same.body).toEqual(raw.body);
    expectProblem(other, "conflict");
  });
});

describe("the type of a file in a form", () => {
  it.each([
    ["text/csv", "x", "csv"],
    ["TEXT/CSV; Charset=UTF-8", "x", "csv"],
    ["application/x-ndjson", "x.csv", "ndjson"],
    ["application/octet-stream", "x.CSV", "csv"],
    ["application/vnd.ms-excel", "x.csv", "csv"],
    ["application/octet-stream", "x.ndjson", "ndjson"],
    [undefined, "x.jsonl", "ndjson"],
  ])("of %s by the name of %s is %s", async (type, fileName, format) => {
    const { name, content } = csv;

    const { body } = await send(makeForm({ name, content, fileName, ...(type && { type }) }));

    expect(body.dataset.format).toBe(format);
  });

  it.each([
    ["text/csv; charset=latin1", "x.csv"],
    ["application/octet-stream; charset=utf-16", "x.csv"],
    ["text/plain", "x.csv"],
    ["application/vnd.ms-excel", "x.xls"],
    ["application/octet-stream", "csv.bin"],
    [undefined, "x"],
  ])("may not be %s by the name of %s", async (type, fileName) => {
    const { name, content } = csv;
    const before = await stored();

    const answer = await send(makeForm({ name, content, fileName, ...(type && { type }) }));

    expectProblem(answer, "unsupported_media_type");
    expect(await stored()).toEqual(before);
  });

  it("is told by its bytes as well, and not by those of the form", async () => {
    expectProblem(await send(makeForm(filePart("PK\x03\x04"))), "unsupported_media_type");
    const packed = filePart("a\n1\n", { more: ["Content-Transfer-Encoding: base64"] });
    expectProblem(await send(makeForm(packed)), "unsupported_media_type");
  });
});

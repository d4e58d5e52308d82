import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Submitted } from "../../protocol/jobs.ts";
import { call, type TestClient } from "../support/client.ts";
import { makeCsv } from "./support/csv.ts";
import { expectProblem, pathsOf } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { countStored } from "./support/stored.ts";

const cluster = shareCluster({ api: 1, workers: 0, env: { LIMIT_JOBS: "1000" } });
const path = "/api/v1/datasets";
const csv = { "Content-Type": "text/csv" };

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

const stored = () => countStored(cluster());
const post = (init: RequestInit, query = "") =>
  ann.call<Submitted>(`${path}${query}`, { method: "POST", ...init });

describe("the type of an upload", () => {
  it.each(["text/csv; charset=utf-8", 'TEXT/CSV; charset="UTF-8"', "text/csv;header=present"])(
    "may be %s",
    async (type) => {
      expect((await ann.upload("a\n1\n", { type })).status).toBe(202);
    },
  );

  it.each(["text/csv; charset=latin1", "text/plain", "application/json", ""])(
    "may not be %p",
    async (type) => {
      expectProblem(await ann.upload("a\n1\n", { type }), "unsupported_media_type");
    },
  );

  it("may not be left out", async () => {
    const body = new TextEncoder().encode("a\n1\n");

    expectProblem(await post({ body }), "unsupported_media_type");
  });

  it.each(["br", "deflate", "gzip, gzip", "zstd"])("may not be packed as %s", async (encoding) => {
    const answer = await ann.upload("a\n1\n", { headers: { "Content-Encoding": encoding } });

    expectProblem(answer, "unsupported_media_type");
  });

  it.each([
    ["a PNG image", "\x89PNG\r\n\x1a\n\0\0"],
    ["a ZIP archive", "PK\x03\x04\x14\0"],
    ["a PDF document", "%PDF-1.7\n"],
    ["a program", "\x7fELF\x02\x01"],
    ["a gzip archive that isn't said to be one", "\x1f\x8b\x08\0"],
    ["UTF-16 with its mark", "\xff\xfea\0,\0b\0"],
    ["UTF-16 the other way round", "\xfe\xff\0a\0,\0b"],
  ])("is told by its bytes: %s", async (_what, bytes) => {
    const before = await stored();

    const answer = await ann.upload(new Uint8Array(Buffer.from(bytes, "latin1")));

    expectProblem(answer, "unsupported_media_type");
    expect(await stored()).toEqual(before);
  });
});

describe("the name of an upload", () => {
  it.each([
    ["a path", "../../etc/passwd", "passwd"],
    ["a path of Windows", "C:\\Users\\ann\\x.csv", "x.csv"],
    ["an absolute path", "/abs/olute", "olute"],
    ["a path that was escaped twice", "%2e%2e%2f", "%2e%2e%2f"],
    ["a folder", "../", "Untitled"],
    ["blanks around it", "  spaced out.csv ", "spaced out.csv"],
    ["signs that nobody sees", "line\r\nbreak\u202egnp.csv", "linebreakgnp.csv"],
    ["5,000 characters", "x".repeat(5000), "x".repeat(200)],
    ["300 characters of two halves each", "🐘".repeat(300), "🐘".repeat(200)],
    ["markup", "<script>alert(1)<b>", "<script>alert(1)<b>"],
    ["nothing", "", "Untitled"],
  ])("is cleaned of %s", async (_what, name, shown) => {
    const { body } = await ann.upload("a\n1\n", { name });

    expect(body.dataset.name).toBe(shown);
  });

  it("may be left out", async () => {
    const { body } = await post({ body: "a\n1\n", headers: csv });

    expect(body.dataset.name).toBe("Untitled");
  });
});

describe("the options of an upload", () => {
  it.each([
    ["JSON that is cut", "options=%7B", "options"],
    ["an unknown key", 'options={"a":1}', "options"],
    ["an unknown delimiter", 'options={"delimiter":"x"}', "options.delimiter"],
    ["a wrong type", 'options={"header":"yes"}', "options.header"],
    ["null", "options=null", "options"],
    ["an unknown parameter", "priority=1", ""],
    ["a parameter that stands twice", "options={}&options={}", "options"],
    ["an owner", "ownerId=x", ""],
  ])("are refused with %s", async (_what, query, where) => {
    const answer = await post({ body: "a\n1\n", headers: csv }, `?${query}`);

    expect(pathsOf(expectProblem(answer, "validation_failed"))).toEqual([where]);
  });

  it("are those that the job was given", async () => {
    const options = { delimiter: ";", header: false };
    const query = `?options=${encodeURIComponent(JSON.stringify(options))}`;

    const { body } = await post({ body: makeCsv(1), headers: csv }, query);

    const job = await cluster().mongo.collection("jobs").findOne({ "dataset.id": body.dataset.id });
    expect(job?.source.options).toEqual(options);
  });

  it("need a token like all else", async () => {
    const answer = await call(ann.url, `${path}?options=%7B`, { method: "POST", body: "a" });

    expectProblem(answer, "unauthorized");
  });
});

import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Submitted } from "../../protocol/jobs.ts";
import type { TestClient } from "../support/client.ts";
import { streamCsv } from "./support/csv.ts";
import { formType, streamForm } from "./support/form.ts";
import { watchMemory } from "./support/memory.ts";
import { expectProblem } from "./support/problem.ts";
import { openRaw, readToEnd, statusOf } from "./support/raw-http.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { countStored, storedFile } from "./support/stored.ts";

const megabyte = 1024 * 1024;
const limit = 101 * megabyte;
const cluster = shareCluster({
  api: 1,
  workers: 0,
  env: { LIMIT_UPLOAD_BYTES: String(limit), LIMIT_JOBS: "1000" },
});
const path = "/api/v1/datasets";

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

const stored = () => countStored(cluster());
/** Sends bytes as they come, without a length. */
const stream = (body: ReadableStream<Uint8Array>, type = "text/csv") => {
  const init = { method: "POST", body, headers: { "Content-Type": type }, duplex: "half" };
  return ann.call<Submitted>(path, init as RequestInit);
};

describe("an upload", () => {
  it("is stored byte for byte before the answer, which names dataset and job", async () => {
    const text = `﻿naïve,🐘\r\n"1,\n",2\r\n\r\n${"x".repeat(2 * megabyte)},3`;

    const { status, headers, body } = await ann.upload(text, { name: "elephants.csv" });

    const bytes = Buffer.from(text);
    expect(status).toBe(202);
    expect(headers.get("Location")).toBe(`/api/v1/jobs/${body.job.id}`);
    expect(body.dataset).toMatchObject({
      name: "elephants.csv",
      format: "csv",
      status: "importing",
      columns: [],
      rows: 0,
      bytes: bytes.length,
    });
    expect(body.job).toMatchObject({
      kind: "import",
      state: "queued",
      dataset: { id: body.dataset.id, name: "elephants.csv" },
      run: 1,
      attempt: 0,
      progress: { phase: "waiting", bytesTotal: bytes.length, percent: 0 },
    });
    expect((await storedFile(cluster(), body.dataset.id)).equals(bytes)).toBe(true);
    expect((await ann.call(`/api/v1/jobs/${body.job.id}`)).body).toEqual(body.job);
  });

  it("may come in chunks without a length, and be NDJSON", async () => {
    const chunked = await stream(streamCsv(3 * megabyte));
    const ndjson = await ann.upload('{"a":1}\n', { type: "application/x-ndjson" });

    expect(chunked.body.dataset).toMatchObject({ bytes: 3 * megabyte, format: "csv" });
    expect(ndjson.body.dataset).toMatchObject({ bytes: 8, format: "ndjson" });
  });

  const inForm = (bytes: number) =>
    streamForm(streamCsv(bytes), { name: "name", content: "large" });

  it.each([
    ["as it is", streamCsv, "text/csv"],
    ["in a form", inForm, formType],
  ])("of 100 MB %s leaves the memory of its node as it was", async (_how, make, type) => {
    await stream(make(20 * megabyte), type);
    const rise = watchMemory(cluster().api[0]?.pid ?? 0);

    const { body } = await stream(make(100 * megabyte), type);

    expect(body.dataset.bytes).toBe(100 * megabyte);
    expect(rise()).toBeLessThan(60 * megabyte);
  });

  it("one byte over the limit is refused, announced or not, and nothing of it stays", async () => {
    const before = await stored();

    const chunked = await stream(streamCsv(limit + 1));
    const socket = await openRaw(ann.url);
    socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ann.token}\r\n`);
    socket.write(`Content-Type: text/csv\r\nContent-Length: ${limit + 1}\r\n\r\nid\n1\n`);
    const announced = await readToEnd(socket);

    expectProblem(chunked, "payload_too_large");
    expect(statusOf(announced)).toBe(413);
    expect(await stored()).toEqual(before);
  });

  it("of a gigabyte without a token is refused before its body is read", async () => {
    const socket = await openRaw(ann.url);

    socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: text/csv\r\n`);
    socket.write(`Content-Length: ${1024 * megabyte}\r\n\r\n`);
    const answer = await readToEnd(socket);

    expect(statusOf(answer)).toBe(401);
    expect(answer).toMatch(/Connection: close/i);
  });
});

import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "@jest/globals";
import type { TestClient } from "../support/client.ts";
import { makeCsv } from "./support/csv.ts";
import { eventually } from "./support/eventually.ts";
import { beginPart, filePart, formType } from "./support/form.ts";
import { openRaw } from "./support/raw-http.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { countStored } from "./support/stored.ts";

const cluster = shareCluster({ api: 1, workers: 0 });

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

async function begin(type: string, ...headers: string[]) {
  const socket = await openRaw(ann.url);
  const lines = [
    "POST /api/v1/datasets?name=broken.csv HTTP/1.1",
    "Host: a",
    `Content-Type: ${type}`,
    `Authorization: Bearer ${ann.token}`,
    `Idempotency-Key: ${crypto.randomUUID()}`,
    ...headers,
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  return socket;
}

const chunks = () => cluster().mongo.collection("files.chunks").countDocuments();
const nothing = { uploads: 0, "files.files": 0, "files.chunks": 0, datasets: 0, jobs: 0 };
const counts = () =>
  eventually(
    () => countStored(cluster()),
    (stored) => Object.values(stored).every((count) => count === 0),
  );

describe("an upload that breaks off", () => {
  it.each([
    ["with a length", "text/csv", ["Content-Length: 10000000"], (text: string) => text],
    [
      "in chunks",
      "text/csv",
      ["Transfer-Encoding: chunked"],
      (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`,
    ],
    [
      "in a form",
      formType,
      ["Content-Length: 10000000"],
      (text: string) => beginPart(filePart(text)),
    ],
  ])("%s leaves nothing behind", async (_what, type, headers, wrap) => {
    const socket = await begin(type, ...headers);

    socket.write(wrap(makeCsv(60_000, 40)));
    const arrived = await eventually(chunks, (count) => count > 0);
    socket.destroy();

    expect(arrived).toBeGreaterThan(0);
    expect(await counts()).toEqual({ ...nothing, idempotency_keys: 0 });
    expect(cluster().api[0]?.output()).not.toMatch(/"level":(50|60)/);
  });

  it("packed, leaves nothing behind", async () => {
    const noise = Array.from({ length: 60_000 }, () => crypto.randomUUID()).join("\n");
    const packed = gzipSync(noise);
    const socket = await begin(
      "text/csv",
      "Content-Encoding: gzip",
      `Content-Length: ${packed.length}`,
    );

    socket.write(packed.subarray(0, packed.length - 1000));
    await eventually(chunks, (count) => count > 0);
    socket.destroy();

    expect(await counts()).toEqual({ ...nothing, idempotency_keys: 0 });
  });

  it("before its first byte leaves nothing behind", async () => {
    const socket = await begin("text/csv", "Content-Length: 1000");
    const uploads = () => cluster().mongo.collection("uploads").countDocuments();

    expect(await eventually(uploads, (count) => count > 0)).toBe(1);
    socket.destroy();

    expect(await counts()).toEqual({ ...nothing, idempotency_keys: 0 });
  });
});

import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "@jest/globals";
import type { TestClient } from "../support/client.ts";
import { makeCsv } from "./support/csv.ts";
import { watchMemory } from "./support/memory.ts";
import { expectProblem } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { countStored, storedFile } from "./support/stored.ts";

const megabyte = 1024 * 1024;
const cluster = shareCluster({
  api: 1,
  workers: 0,
  env: { LIMIT_UPLOAD_BYTES: String(40 * megabyte), LIMIT_JOBS: "1000" },
});

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

const pack = (text: string | Buffer) => new Uint8Array(gzipSync(text));
const upload = (bytes: Uint8Array<ArrayBuffer>, headers = {}) =>
  ann.upload(bytes, { headers: { "Content-Encoding": "gzip", ...headers } });

/** Sends pieces one after the other, each as a chunk of its own. */
const uploadInPieces = (...pieces: Uint8Array[]) => {
  const body = new ReadableStream({
    async pull(controller) {
      const piece = pieces.shift();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
  });
  const headers = { "Content-Encoding": "gzip", "Content-Type": "text/csv" };
  const init = { method: "POST", body, headers, duplex: "half" };
  return ann.call<{ dataset: { id: string } }>("/api/v1/datasets", init as RequestInit);
};

describe("a packed upload", () => {
  it("is stored unpacked, and the dataset says how long it is unpacked", async () => {
    const text = makeCsv(5000, 60);

    const { status, body } = await upload(pack(text), { "Content-Encoding": "GZIP" });

    expect(status).toBe(202);
    expect(body.dataset.bytes).toBe(Buffer.byteLength(text));
    expect((await storedFile(cluster(), body.dataset.id)).toString()).toBe(text);
  });

  it.each([0, 1, 9, 10])("may be of several members, cut %i bytes after a seam", async (cut) => {
    const [first, second, third] = [pack("id\n"), pack(makeCsv(3)), pack("")];
    const whole = Buffer.concat([first, second, third]);
    const at = first.length + cut;

    const { status, body } = await uploadInPieces(whole.subarray(0, at), whole.subarray(at));

    expect(status).toBe(202);
    const stored = await storedFile(cluster(), body.dataset.id);
    expect(stored.toString()).toBe(`id\n${makeCsv(3)}`);
  });

  it.each([
    ["damaged", () => pack(makeCsv(1000)).map((byte, i) => (i === 500 ? byte ^ 255 : byte))],
    ["cut off", () => pack(makeCsv(1000)).slice(0, -20)],
    ["cut off by its last byte", () => pack(makeCsv(1000)).slice(0, -1)],
    [
      "wrong in its checksum",
      () => pack(makeCsv(9)).map((b, i, { length }) => (i === length - 6 ? ~b : b)),
    ],
    ["followed by something else", () => new Uint8Array([...pack("id\n1\n"), 1, 2, 3, 4])],
    ["not packed at all", () => new TextEncoder().encode(makeCsv(3))],
  ])("is refused when it is %s, and nothing of it stays", async (_what, make) => {
    const before = await countStored(cluster());

    const answer = await upload(make());

    expectProblem(answer, "bad_request");
    expect(await countStored(cluster())).toEqual(before);
  });

  it("is known by what is in it, too", async () => {
    expectProblem(await upload(pack("PK\x03\x04 and so on")), "unsupported_media_type");
    expectProblem(await upload(pack(Buffer.from(pack("id\n")))), "unsupported_media_type");
  });

  it("that is a bomb is refused, and costs neither memory nor room", async () => {
    const bombs = [Buffer.alloc(32 * megabyte, "x"), Buffer.alloc(300 * megabyte)].map(pack);
    const rest = Buffer.concat(Array.from({ length: 40 }, () => bombs[1] ?? Buffer.alloc(0)));
    await upload(pack(makeCsv(100_000, 50)));
    const before = await countStored(cluster());
    const rise = watchMemory(cluster().api[0]?.pid ?? 0);

    const answers = [];
    for (const bomb of [...bombs, new Uint8Array(rest)]) answers.push(await upload(bomb));

    for (const answer of answers) expectProblem(answer, "payload_too_large");
    expect(rise()).toBeLessThan(50 * megabyte);
    expect(await countStored(cluster())).toEqual(before);
  });

  it("one byte over the limit unpacked is refused, however small it comes", async () => {
    const lines = `${Array.from({ length: 20 }, () => crypto.randomUUID()).join(",")}\n`;
    const block = lines.repeat(60);
    const over = block.repeat(Math.ceil((40 * megabyte + 1) / block.length));

    expectProblem(await upload(pack(over)), "payload_too_large");
  });

  it("of many megabytes leaves no listener behind", async () => {
    const noise = Array.from({ length: 4000 }, () => crypto.randomUUID()).join("\n");
    const { status } = await upload(pack(noise.repeat(100)));

    expect(status).toBe(202);
    expect(cluster().api[0]?.output()).not.toContain("MaxListenersExceededWarning");
  });
});

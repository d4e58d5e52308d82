import { PassThrough, Readable } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import { keepPace } from "../../server/http/pace.ts";

const collect = async (chunks: AsyncIterable<Uint8Array>) => {
  let bytes = 0;
  for await (const chunk of chunks) bytes += chunk.length;
  return bytes;
};

/** A byte every few ms, for ever. */
async function* trickle() {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    yield Buffer.alloc(1);
  }
}

describe("the pace of an upload", () => {
  it.each([
    ["says nothing", () => new PassThrough()],
    ["trickles", trickle],
  ])("ends one that %s", async (_what, open) => {
    const slow = collect(keepPace(open(), 10_000, 50));

    await expect(slow).rejects.toMatchObject({ code: "request_timeout" });
  });

  it("lets one pass that is small, and one that is fast enough for long", async () => {
    const fast = new PassThrough();
    const reading = collect(keepPace(fast, 1000, 50));

    for (let i = 0; i < 100; i++) fast.write(Buffer.alloc(100));
    fast.end();

    expect(await reading).toBe(10_000);
    expect(await collect(keepPace(Readable.from([Buffer.from("id\n1\n")]), 10_000, 50))).toBe(5);
  });

  it("doesn't count the time that we take", async () => {
    const source = Readable.from([Buffer.alloc(1), Buffer.alloc(1)]);
    let bytes = 0;

    for await (const chunk of keepPace(source, 1000, 40)) {
      await new Promise((resolve) => setTimeout(resolve, 80));
      bytes += chunk.length;
    }

    expect(bytes).toBe(2);
  });

  it("closes its source when nobody wants the rest", async () => {
    const source = Readable.from([Buffer.alloc(1), Buffer.alloc(1)]);

    for await (const _chunk of keepPace(source, 1000)) break;

    expect(source.destroyed).toBe(true);
  });
});

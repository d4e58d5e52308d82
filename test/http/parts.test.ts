import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Part, splitParts } from "../../server/http/parts.ts";
import { chunksOf } from "../support/parse-file.ts";
import { runs } from "../support/runs.ts";

const boundary = "b-1";

/** The parts of a body that comes so many bytes at a time. */
async function read(body: Buffer, chunkSize: number) {
  const parts = new Map<Part, Buffer[]>();
  for await (const { part, data } of splitParts(chunksOf(body, chunkSize), boundary)) {
    const pieces = parts.get(part) ?? [];
    parts.set(part, [...pieces, Buffer.from(data)]);
  }
  return [...parts].map(([{ headers }, pieces]) => ({
    headers: { ...headers },
    content: Buffer.concat(pieces).toString("latin1"),
  }));
}

const write = (contents: string[], end = `--${boundary}--\r\n`) =>
  Buffer.from(
    contents.map((content, i) => `--${boundary}\r\nx: ${i}\r\n\r\n${content}\r\n`).join("") + end,
    "latin1",
  );

// Much that is nearly the end of a part.
const content = fc
  .array(
    fc.oneof(
      fc.constantFrom("\r", "\n", "\r\n", "-", "--", "\r\n--", "\r\n--b", "b-1", "\r\n--b-", "a"),
      fc.string({ unit: fc.constantFrom("\0", "\xff", "x", ":"), maxLength: 200 }),
    ),
  )
  .map((pieces) => pieces.join(""))
  .filter((text) => !`\r\n${text}`.includes(`\r\n--${boundary}`));

describe("the parts of a multipart body", () => {
  it("are those that were written, wherever its chunks end", async () => {
    const contents = fc.array(content, { minLength: 1, maxLength: 4 });
    const end = fc.constantFrom(`--${boundary}--`, `--${boundary}--\r\n`, `--${boundary}--\r\nend`);
    const chunkSize = fc.integer({ min: 1, max: 100 });

    await fc.assert(
      fc.asyncProperty(contents, end, chunkSize, async (written, last, size) => {
        const parts = await read(write(written, last), size);

        expect(parts).toEqual(
          written.map((one, i) => ({ headers: { x: [`${i}`] }, content: one })),
        );
      }),
      { numRuns: runs(400) },
    );
  });

  it("may be large, with all in one chunk or in many", async () => {
    const large = "xy\r\n".repeat(100_000);

    for (const size of [1_000_000, 65_536, 4_093]) {
      const parts = await read(write([large, "", large, "z"]), size);

      expect(parts.map((part) => part.content.length)).toEqual([400_000, 0, 400_000, 1]);
    }
  });

  it("are refused when the end is missing, however much of it", async () => {
    const whole = write(["first", "second"], `--${boundary}--`);

    for (let length = 0; length < whole.length; length += 1) {
      const reading = read(whole.subarray(0, length), 7);

      await expect(reading).rejects.toMatchObject({ code: "bad_request" });
    }
  });

  it("are refused when one has no end of its header", async () => {
    const body = Buffer.from(`--${boundary}\r\nx: 0\r\n--${boundary}--\r\n`);

    await expect(read(body, 5)).rejects.toMatchObject({ code: "bad_request" });
    await expect(read(body, 500)).rejects.toMatchObject({ code: "bad_request" });
  });
});

/** A CSV file of `rows` rows: `id` counts from 1, `text` fills each line to about `width` bytes. */
export function makeCsv(rows: number, width = 20): string {
  const filler = "x".repeat(width);
  const lines = Array.from({ length: rows }, (_, i) => `${i + 1},${filler}`);
  return `id,text\n${lines.join("\n")}\n`;
}

/** As above, but every tenth row has a cell too many and is rejected. */
export function makeCsvWithRejects(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) =>
    i % 10 === 9 ? `${i + 1},x,y` : `${i + 1},x`,
  );
  return `id,text\n${lines.join("\n")}\n`;
}

/** Bytes of a long CSV file, made as they are read, so that the test itself stays small. */
export function streamCsv(bytes: number): ReadableStream<Uint8Array> {
  const block = new TextEncoder().encode(`${"x".repeat(1023)}\n`.repeat(256));
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(block.slice(0, Math.min(left, block.length)));
      left -= block.length;
    },
  });
}

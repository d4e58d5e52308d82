import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Collection } from "mongodb";

const batchRows = 8_000;
const inFlight = 4;

export type Line = { _id: number; c: unknown };

/** A line, `JSON.parse`, a row: in batches of 8,000, four of them on their way at once. */
export async function insertLines(path: string, target: Collection<Line>): Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  let batch: Line[] = [];
  let row = 0;
  const send = async () => {
    const inserted = target.insertMany(batch, { ordered: false });
    const sent: Promise<unknown> = inserted.then(() => underWay.delete(sent));
    underWay.add(sent);
    batch = [];
    if (underWay.size >= inFlight) await Promise.race(underWay);
  };
  const lines = createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  for await (const line of lines) {
    row += 1;
    batch.push({ _id: row, c: JSON.parse(line) });
    if (batch.length === batchRows) await send();
  }
  if (batch.length > 0) await send();
  await Promise.all(underWay);
}

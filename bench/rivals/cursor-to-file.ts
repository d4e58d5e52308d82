import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { makeThrowAwayFolder } from "../../scripts/processes/guard.mjs";
import { measure } from "../measure.ts";
import type { Rig } from "../rig.ts";
import type { Run } from "../runs.ts";

type Stored = { _id: number; c: Record<string, unknown> };

/** What a first script writes of a row: no types, no formulas, no texts of cells. */
const lines = {
  csv: ({ c }: Stored) => `${Object.values(c).map(toCell).join(",")}\n`,
  ndjson: ({ c }: Stored) => `${JSON.stringify(c)}\n`,
};

function toCell(value: unknown): string {
  const text = String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The driver's cursor, a line of text for each document, a file on the local disk: no checkpoint, no checksum. */
export async function writeByCursor(
  rig: Rig,
  datasetId: string,
  format: keyof typeof lines,
): Promise<Run> {
  const folder = makeThrowAwayFolder();
  const path = join(folder, "rows");
  const toLine = lines[format];
  let rows = 0;
  const usage = await measure({ bench: process.pid, mongod: rig.pids.mongod }, async () => {
    const file = createWriteStream(path);
    const stored = rig.cluster.mongo.collection<Stored>(`records_${datasetId}`);
    for await (const document of stored.find().sort({ _id: 1 })) {
      rows += 1;
      if (!file.write(toLine(document))) await once(file, "drain");
    }
    file.end();
    await finished(file);
  });
  if ((await stat(path)).size === 0) throw new Error("nothing was written");
  await rm(folder, { recursive: true });
  return { ...usage, rows };
}

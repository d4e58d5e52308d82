import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { FileError } from "../../../server/datasets/parsing/seam.ts";
import { readRepair, toRepairPlan } from "../../../server/datasets/repairing/read-repair.ts";
import { chunksOf, parseFile } from "../../support/parse-file.ts";
import { csvFiles, csvRepairs } from "./csv-files.ts";
import { bytesOf, type FileInput, showFile } from "./files.ts";
import { ndjsonFiles, ndjsonRepairs } from "./ndjson-files.ts";
import { type AnyTarget, target } from "./target.ts";

const chunks = [65_536, 1000, 7, 1];

/** How a file is read, as the import thread reads it: `ok`, `ok with rejects`, or why it is refused. */
async function read(file: FileInput): Promise<string> {
  await turn();
  const bytes = bytesOf(file);
  // One byte at a time takes long where there are a million.
  const size = bytes.length > 10_000 ? 65_536 : chunks[bytes.length % chunks.length];
  return judge(async () => {
    const { plan, records, rejects } = await parseFile(bytes, file.format, file.options, size);
    if (records.length + rejects.length !== plan.rows) {
      return `lost: ${plan.rows} rows are ${records.length} and ${rejects.length}`;
    }
    return rejects.length > 0 ? "ok with rejects" : "ok";
  });
}

async function mend(file: FileInput): Promise<string> {
  await turn();
  const bytes = bytesOf(file);
  const columns = ["a", "b"].map((name, i) => ({ key: `c${i}`, name, type: "string" as const }));
  const plan = toRepairPlan({ format: file.format, columns });
  return judge(async () => {
    let isWhole = true;
    for await (const { rows } of readRepair(
      (offset) => chunksOf(bytes, 1000, offset),
      plan,
      null,
    )) {
      isWhole &&= rows.every(({ record }) => record);
    }
    return isWhole ? "ok" : "ok with rejects";
  });
}

async function judge(act: () => Promise<string>): Promise<string> {
  try {
    return await act();
  } catch (err) {
    return err instanceof FileError
      ? err.code
      : `internal: ${err instanceof Error ? err.stack : err}`;
  }
}

const show = showFile;

/** Files given to the parsers themselves, in this process. */
export const fileTargets: AnyTarget[] = [
  target({ name: "CSV files", share: 230, atOnce: 1, input: csvFiles, send: read, show }),
  target({ name: "NDJSON files", share: 160, atOnce: 1, input: ndjsonFiles, send: read, show }),
  target({
    name: "repair files",
    share: 59.8,
    atOnce: 1,
    input: fc.oneof(csvRepairs, ndjsonRepairs),
    send: mend,
    show,
  }),
];

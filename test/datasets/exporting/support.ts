import type { Format, ImportOptions } from "../../../protocol/datasets.ts";
import { createLineBuffer } from "../../../server/datasets/exporting/lines.ts";
import type { RecordDocument } from "../../../server/datasets/parsing/seam.ts";
import { splitBson } from "../../support/bson.ts";
import { parseFile } from "../../support/parse-file.ts";

/** Parses a file and writes what is stored of it as another. */
export async function exportFile(
  file: string | Uint8Array,
  source: Format,
  { format = source, raw = false, options = {} as ImportOptions } = {},
) {
  const parsed = await parseFile(Buffer.from(file), source, options);
  const { columns } = parsed.plan;
  const lines = createLineBuffer({ format, source, columns, isRaw: raw });
  lines.addHead();
  for (const { records } of parsed.batches) {
    for (const record of splitBson(records)) lines.add(record);
  }
  return { ...parsed, text: lines.take().toString() };
}

/** Records without their rows, since those that were rejected aren't exported. */
export const cellsOf = (documents: RecordDocument[]) => documents.map(({ c, t }) => ({ c, t }));

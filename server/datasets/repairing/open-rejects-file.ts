import { setImmediate as turn } from "node:timers/promises";
import type { Format } from "../../../protocol/datasets.ts";
import { AppError } from "../../errors.ts";
import { insist } from "../../infrastructure/insist.ts";
import type { DatasetDocument } from "../dataset.model.ts";
import { cleanFileName } from "../dataset-name.ts";
import type { RejectDocument } from "../parsing/seam.ts";
import type { Rows } from "../rows.ts";
import { createRejectsFile } from "./rejects-file.ts";

const rejectsAtOnce = 500;
const oneReply = { limit: rejectsAtOnce, batchSize: rejectsAtOnce, singleBatch: true };
const pieceUnits = 64 * 1024;
const types = { csv: "text/csv; charset=utf-8", ndjson: "application/x-ndjson" } as const;

/** The kept rejects of a dataset as a file to be mended; `not_found` in any other form than the source's. */
export function openRejectsFile(rows: Rows, doc: DatasetDocument, wanted: Format) {
  const { name, format } = doc;
  if (wanted !== format) {
    throw new AppError("not_found", `The rejected rows are there as rejects.${format}.`);
  }
  const base = cleanFileName(name.replace(/[/\\]/g, "_").replace(/\.(csv|ndjson|jsonl)$/i, ""));
  return { name: `${base}-rejects.${format}`, type: types[format], chunks: write(rows, doc) };
}

/**
 * The file piece by piece, in the order of the rows. What is read at once is one reply of MongoDB, 16 MB at most, to
 * a query of its own: no cursor outlives a slow reader.
 */
async function* write(
  { rejects }: Pick<Rows, "rejects">,
  doc: DatasetDocument,
): AsyncGenerator<string> {
  const { _id: id, format, delimiter = ",", columns } = doc;
  const { head, lineOf } = createRejectsFile({ format, delimiter, columns });
  const { signal } = new AbortController();
  const lastRow = doc.rows + doc.rejected;

  const readAfter = (row: number): Promise<RejectDocument[]> =>
    rejects(id)
      .find({ _id: { $gt: row, $lte: lastRow } }, oneReply)
      .sort({ _id: 1 })
      .toArray();

  if (head) yield head;
  for (let row = 0; ; ) {
    const kept = await insist(() => readAfter(row), signal);
    const last = kept.at(-1);
    if (!last) return;
    let piece = "";
    for (const one of kept) {
      piece += lineOf(one);
      if (piece.length < pieceUnits) continue;
      yield piece;
      piece = "";
      // Others have their turn before the next long rows are split.
      await turn();
    }
    if (piece) yield piece;
    row = last._id;
  }
}

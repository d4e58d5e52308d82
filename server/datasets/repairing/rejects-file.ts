import type { Delimiter, Format } from "../../../protocol/datasets.ts";
import type { RejectDocument } from "../parsing/seam.ts";
import { toCsvLine } from "./csv-line.ts";
import { createCellReader, textOf } from "./given-rows.ts";
import { readObject } from "./json-object.ts";
import { metaNames } from "./seam.ts";

type Source = { format: Format; delimiter: Delimiter; columns: readonly { name: string }[] };

/** Rejected rows as a file in the form of their source, to be mended and sent back; exact, so nothing is escaped but by the format. */
export type RejectsFile = { head: string; lineOf: (reject: RejectDocument) => string };

export function createRejectsFile({ format, delimiter, columns }: Source): RejectsFile {
  if (format === "ndjson") return { head: "", lineOf: toJsonLine };
  const cellsOf = createCellReader(delimiter);
  const names = [...metaNames, ...columns.map(({ name }) => name)];
  return {
    head: `${toCsvLine(names, delimiter)}\n`,
    lineOf: (reject) => {
      const { _id, code, message } = reject;
      return `${toCsvLine([String(_id), code, message, ...cellsOf(reject)], delimiter)}\n`;
    },
  };
}

/** Names that a row of its own must not have to stand beside ours. */
const reserved = new Set([...metaNames, "raw"]);

function toJsonLine(reject: RejectDocument): string {
  const { _id, code, message } = reject;
  const meta = { _row: _id, _code: code, _message: message };
  const text = textOf(reject);
  const members = readObject(Buffer.from(text));
  if (!members || members.some(({ name }) => reserved.has(name))) {
    return `${JSON.stringify({ ...meta, raw: text })}\n`;
  }
  const own = text.slice(text.indexOf("{") + 1);
  const before = JSON.stringify(meta).slice(0, -1);
  return `${before}${members.length > 0 ? "," : ""}${own}\n`;
}

import type {
  CellValue,
  Column,
  Format,
  ImportOptions,
  RejectCode,
} from "../../protocol/datasets.ts";
import type { FileErrorCode } from "../../server/datasets/parsing/seam.ts";

type Imported = {
  columns: Column[];
  records: { row: number; values: Record<string, CellValue> }[];
  rejects: { row: number; line: number; code: RejectCode }[];
};

/** A file and, derived from the protocol, what its import must give: its rows or the job's error. */
export type PeculiarFile = {
  name: string;
  format: Format;
  bytes: Uint8Array;
  options?: ImportOptions;
  expected: Imported | { error: FileErrorCode };
};

/** `"name type, name type"` as columns. */
export function columnsOf(list: string): Column[] {
  return list.split(", ").map((pair) => {
    const [name = "", type = ""] = pair.split(" ");
    return { name, type: type as Column["type"] };
  });
}

/** Texts as UTF-8 and numbers as single bytes, joined. */
export function bytesOf(...parts: (string | number)[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.of(part))),
  );
}

export const mebibyte = 1_048_576;

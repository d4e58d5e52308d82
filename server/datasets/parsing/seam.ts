import type {
  CellValue,
  ColumnType,
  Delimiter,
  Format,
  ImportOptions,
  RejectCode,
} from "../../../protocol/datasets.ts";

/** A row boundary: `row` rows precede, the next begins at byte `offset`, on line `line` (1-based). */
export type Place = { offset: number; row: number; line: number };

/**
 * `numeric`: an NDJSON text column whose texts are numbers that a double can't hold. `declared`: its owner
 * said its type, so that rows with something else are rejected.
 */
export type PlannedColumn = {
  key: string;
  name: string;
  type: ColumnType;
  numeric?: true;
  declared?: true;
};

/** `start` is where row 1 begins; `rows` counts all rows read, rejected ones included. */
export type Plan = {
  format: Format;
  delimiter?: Delimiter;
  start: Place;
  columns: PlannedColumn[];
  rows: number;
};

/** What a scan is told; `onBytes` hears how many bytes have been read so far. */
export type ScanSpec = {
  format: Format;
  options: ImportOptions;
  maxColumns: number;
  onBytes?: (bytesSoFar: number) => void;
};

/** `_id` is the row, 1-based, rejected rows counted; `t` holds texts that values don't give back. */
export type RecordDocument = {
  _id: number;
  c: Record<string, CellValue>;
  t?: Record<string, string>;
  /** of a repaired row: the dataset's count of `repairs` that put it in */
  r?: number;
};

export type RejectDocument = {
  _id: number;
  line: number;
  code: RejectCode;
  column?: string | undefined;
  message: string;
  raw: string;
  /** the whole text where `raw` may be cut; missing where it is larger than a row may be */
  text?: string;
};

/** `records` are `count` RecordDocuments in BSON, one after the other. */
export type Batch = {
  records: Uint8Array;
  count: number;
  rejects: RejectDocument[];
  end: Place;
  /** Gives the memory of `records` back once nobody reads it any more. */
  release: () => void;
};

export type FileErrorCode =
  | "file_encoding"
  | "header_invalid"
  | "column_unknown"
  | "too_many_columns";

/** The file as a whole can't be imported; `message` is one plain sentence for its owner. */
export class FileError extends Error {
  readonly code: FileErrorCode;

  constructor(code: FileErrorCode, message: string) {
    super(message);
    this.name = "FileError";
    this.code = code;
  }
}

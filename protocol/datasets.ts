import { z } from "zod";
import { id, time } from "./common.ts";
import { page, pageQuery } from "./pages.ts";
import { recordQuery } from "./record-queries.ts";

export const formats = ["csv", "ndjson"] as const;
export const columnTypes = ["string", "integer", "number", "boolean", "date", "json"] as const;
export const datasetStatuses = ["importing", "ready", "partial", "failed"] as const;
export const delimiters = [",", ";", "\t", "|"] as const;
export const rejectCodes = [
  "column_count",
  "quote",
  "encoding",
  "json",
  "not_object",
  "type",
  "too_large",
] as const;

export type Format = (typeof formats)[number];
export type ColumnType = (typeof columnTypes)[number];
export type Delimiter = (typeof delimiters)[number];
export type RejectCode = (typeof rejectCodes)[number];

/** A name that a caller gives: 1 to 200 characters, no control characters. */
export const datasetName = z
  .string()
  .refine((text) => [...text].length <= 200, "may have 200 characters at most")
  .refine((text) => text.trim() !== "", "needs a character that can be seen")
  .refine((text) => !/\p{Cc}/u.test(text), "may not hold control characters");

export const longestColumnName = 1000;

/** A column whose type the caller declares; its name is the one that the dataset shows. */
const declaredColumn = z.strictObject({
  name: z.string().refine((name) => new TextEncoder().encode(name).length <= longestColumnName, {
    error: "may have 1,000 bytes at most",
  }),
  type: z.enum(columnTypes),
});

const declaredColumns = z.array(declaredColumn).superRefine((columns, context) => {
  const seen = new Set<string>();
  for (const [index, { name }] of columns.entries()) {
    if (seen.has(name)) {
      context.addIssue({ code: "custom", path: [index, "name"], message: "is declared twice" });
    }
    seen.add(name);
  }
});

export const importOptions = z.strictObject({
  delimiter: z.enum(delimiters).optional(),
  header: z.boolean().optional(),
  columns: declaredColumns.optional(),
});
export type ImportOptions = z.infer<typeof importOptions>;

/** `name` is the file's; it is cleaned and cut, not checked. */
export const uploadQuery = z.strictObject({
  name: z.string().optional(),
  options: importOptions.optional(),
});

export const renameBody = z.strictObject({ name: datasetName });

export const column = z.object({ name: z.string(), type: z.enum(columnTypes) });
export type Column = z.infer<typeof column>;

export const dataset = z.object({
  id,
  name: z.string(),
  format: z.enum(formats),
  status: z.enum(datasetStatuses),
  columns: z.array(column),
  rows: z.number(),
  rejected: z.number(),
  bytes: z.number(),
  version: z.number(),
  createdAt: time,
  updatedAt: time,
});
export type Dataset = z.infer<typeof dataset>;

/** A cell as it is sent; a `json` cell is its source text. */
export const cellValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type CellValue = z.infer<typeof cellValue>;

export const record = z.object({ row: z.number(), values: z.record(z.string(), cellValue) });
export type DataRecord = z.infer<typeof record>;

export const reject = z.object({
  row: z.number(),
  line: z.number(),
  code: z.enum(rejectCodes),
  column: z.string().optional(),
  message: z.string(),
  raw: z.string(),
});
export type Reject = z.infer<typeof reject>;

export const datasetPage = page(dataset);
export const recordPage = page(record);
export const rejectPage = page(reject);

export const datasetsQuery = z.strictObject(pageQuery);
export const recordsQuery = z.strictObject({ ...pageQuery, ...recordQuery });
export const rejectsQuery = z.strictObject(pageQuery);
export const datasetRequest = z.strictObject({ datasetId: id });
export const recordsRequest = z.strictObject({ datasetId: id, ...pageQuery, ...recordQuery });
export const rejectsRequest = z.strictObject({ datasetId: id, ...pageQuery });

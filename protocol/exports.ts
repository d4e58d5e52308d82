import { z } from "zod";
import { id, time } from "./common.ts";
import { formats } from "./datasets.ts";
import { recordQuery } from "./record-queries.ts";

/** `raw` asks for the texts that cells had in their file, also those that a spreadsheet would run as a formula. */
const asked = {
  format: z.enum(formats),
  ...recordQuery,
  gzip: z.boolean().optional(),
  raw: z.boolean().optional(),
};
export const exportBody = z.strictObject(asked);
export type ExportBody = z.infer<typeof exportBody>;

const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 visible ASCII characters");
export const exportRequest = z.strictObject({
  datasetId: id,
  ...asked,
  idempotencyKey: idempotencyKey.optional(),
});

/** `sha256` in hexadecimal, of the bytes as they are downloaded; `url` is good until `expiresAt`. */
export const exportedFile = z.object({
  id,
  name: z.string(),
  bytes: z.number(),
  rows: z.number(),
  sha256: z.string(),
  url: z.string(),
  expiresAt: time,
});
export type ExportedFile = z.infer<typeof exportedFile>;

export const exportResult = z.object({ file: exportedFile });
export type ExportResult = z.infer<typeof exportResult>;

/** Of a signed link; `expires` in seconds since 1970. */
export const fileQuery = z.strictObject({
  expires: z.string().optional(),
  signature: z.string().optional(),
});

import { uploadQuery } from "../../protocol/datasets.ts";
import { cleanFileName } from "../datasets/dataset-name.ts";
import { AppError } from "../errors.ts";
import type { Submission } from "../jobs/submissions.ts";
import type { Context } from "./context.ts";
import { checkFile, readBody, readPacking } from "./upload-bytes.ts";
import { type FieldsSchema, isForm, openForm, type UploadFields } from "./upload-form.ts";
import { readFormat } from "./upload-format.ts";

/** What a form may have around its file: fields, headers, boundaries. */
const envelopeBytes = 1024 * 1024;

export type UploadLimits = {
  jsonBytes: number;
  uploadBytes: number;
  uploadMinRate: number;
  gzipRatio: number;
};
export type Upload = Omit<Submission, "key">;

/**
 * The file that a request carries, as its whole body or as a part of a form. What the header says is checked at
 * once; the body is read with `bytes`, and has told all when these are at their end.
 */
export function openUpload(
  ctx: Context,
  query: UploadFields,
  limits: UploadLimits,
  fields: FieldsSchema = uploadQuery,
): Upload {
  const contentType = ctx.get("Content-Type");
  const { uploadBytes, jsonBytes } = limits;
  const isPacked = readPacking(ctx);
  const open = (most: number) => {
    if (Number(ctx.get("Content-Length")) > most) throw new AppError("payload_too_large");
    return readBody(ctx, isPacked, { ...limits, most });
  };
  if (isForm(contentType)) {
    const body = open(uploadBytes + envelopeBytes);
    const form = openForm(body, contentType, { query, fields, mostFieldBytes: jsonBytes });
    return { ...form, bytes: checkFile(form.bytes, uploadBytes) };
  }
  const { name, options = {} } = query;
  const description = { name: cleanFileName(name), format: readFormat(contentType), options };
  return { bytes: checkFile(open(uploadBytes), uploadBytes), describe: () => description };
}

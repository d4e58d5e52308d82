import type { Format } from "../../protocol/datasets.ts";
import { AppError } from "../errors.ts";

const formats: Record<string, Format> = { "text/csv": "csv", "application/x-ndjson": "ndjson" };
/** What browsers and curl say where they don't know better: then the file's name tells. */
const vagueTypes = ["", "application/octet-stream", "application/vnd.ms-excel"];
const endings: Record<string, Format> = { csv: "csv", ndjson: "ndjson", jsonl: "ndjson" };

/** The format that a Content-Type names; `unsupported_media_type` for all but CSV and NDJSON in UTF-8. */
export function readFormat(contentType: string): Format {
  const { type, charset } = splitType(contentType);
  return requireFormat(formats[type], charset);
}

/** As above, of a file in a form. */
export function readFileFormat(contentType: string, fileName: string): Format {
  const { type, charset } = splitType(contentType);
  const ending = fileName.toLowerCase().split(".").at(-1) ?? "";
  return requireFormat(vagueTypes.includes(type) ? endings[ending] : formats[type], charset);
}

function requireFormat(format: Format | undefined, charset: string | undefined): Format {
  if (!format) {
    throw new AppError("unsupported_media_type", "Send text/csv or application/x-ndjson.");
  }
  if (charset && charset !== "utf-8" && charset !== "utf8") {
    throw new AppError("unsupported_media_type", "The file must be UTF-8.");
  }
  return format;
}

function splitType(contentType: string) {
  const [type = "", ...parameters] = contentType.toLowerCase().split(";");
  const charset = parameters.map((p) => /^\s*charset="?([^"]*)"?\s*$/.exec(p)?.[1]).find(Boolean);
  return { type: type.trim(), charset };
}

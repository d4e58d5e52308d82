import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Format } from "../../protocol/datasets.ts";
import { refuseForeignBytes } from "../datasets/sniff.ts";
import { AppError } from "../errors.ts";
import type { Context } from "./context.ts";

const sniffedBytes = 4096;
/** What a small gzip body may unpack to whatever its ratio. */
const freeBytes = 1024 * 1024;

type Limits = { uploadBytes: number; gzipRatio: number };

const formats: Record<string, Format> = { "text/csv": "csv", "application/x-ndjson": "ndjson" };

/** The format that a Content-Type names; `unsupported_media_type` for all but CSV and NDJSON in UTF-8. */
export function readFormat(ctx: Context): Format {
  const [type = "", ...parameters] = ctx.get("Content-Type").toLowerCase().split(";");
  const format = formats[type.trim()];
  if (!format) {
    throw new AppError("unsupported_media_type", "Send text/csv or application/x-ndjson.");
  }
  const charset = parameters.map((p) => /^\s*charset="?([^"]*)"?\s*$/.exec(p)?.[1]).find(Boolean);
  if (charset && charset !== "utf-8" && charset !== "utf8") {
    throw new AppError("unsupported_media_type", "The file must be UTF-8.");
  }
  return format;
}

/** The file's bytes as they arrive, unpacked, measured and looked at; nothing is kept in memory. */
export async function* readUpload(ctx: Context, limits: Limits): AsyncGenerator<Uint8Array> {
  const encoding = ctx.get("Content-Encoding").trim().toLowerCase();
  if (encoding && encoding !== "identity" && encoding !== "gzip") {
    throw new AppError("unsupported_media_type", "The only Content-Encoding is gzip.");
  }
  const packed = { bytes: 0 };
  const arrived = arrive(ctx, packed);
  const isPacked = encoding === "gzip";
  const head: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of isPacked ? unpack(arrived) : arrived) {
    if (total < sniffedBytes) head.push(chunk);
    total += chunk.length;
    if (total > limits.uploadBytes) throw new AppError("payload_too_large");
    if (isPacked && total > freeBytes && total > packed.bytes * limits.gzipRatio) {
      throw new AppError(
        "payload_too_large",
        `It unpacks to over ${limits.gzipRatio} times its size.`,
      );
    }
    if (head.length > 0 && total >= sniffedBytes) sniff(head.splice(0));
    yield chunk;
  }
  if (head.length > 0) sniff(head);
}

function sniff(head: Uint8Array[]): void {
  const reason = refuseForeignBytes(Buffer.concat(head).subarray(0, sniffedBytes));
  if (reason) throw new AppError("unsupported_media_type", reason);
}

/** The request's own bytes; it is not destroyed when reading stops, so that it can be answered. */
async function* arrive(ctx: Context, packed: { bytes: number }): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of ctx.req.iterator({ destroyOnReturn: false })) {
      packed.bytes += chunk.length;
      yield chunk;
    }
  } catch (cause) {
    throw new AppError("bad_request", "The upload broke off.", { cause });
  }
}

async function* unpack(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const feeding = pipeline(packed, gunzip);
  feeding.catch(() => {});
  try {
    yield* gunzip;
    await feeding;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("bad_request", "The gzip body is damaged or cut off.", { cause });
  } finally {
    gunzip.destroy();
  }
}

import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { refuseForeignBytes } from "../datasets/sniff.ts";
import { AppError } from "../errors.ts";
import type { Context } from "./context.ts";
import { keepPace } from "./pace.ts";

const sniffedBytes = 4096;
/** What a small gzip body may unpack to whatever its ratio. */
const freeBytes = 1024 * 1024;

type Limits = { most: number; gzipRatio: number; uploadMinRate: number };

/** Whether a body is packed; `unsupported_media_type` for anything but gzip. */
export function readPacking(ctx: Context): boolean {
  const encoding = ctx.get("Content-Encoding").trim().toLowerCase();
  if (encoding && encoding !== "identity" && encoding !== "gzip") {
    throw new AppError("unsupported_media_type", "The only Content-Encoding is gzip.");
  }
  return encoding === "gzip";
}

/** A body's bytes as they arrive, unpacked and at most `most`; nothing is kept in memory. */
export async function* readBody(
  ctx: Context,
  isPacked: boolean,
  { most, gzipRatio, uploadMinRate }: Limits,
): AsyncGenerator<Uint8Array> {
  const packed = { bytes: 0 };
  const arrived = keepPace(arrive(ctx, packed), uploadMinRate);
  let total = 0;
  for await (const chunk of isPacked ? unpack(arrived) : arrived) {
    total += chunk.length;
    if (total > most) throw new AppError("payload_too_large");
    if (isPacked && total > freeBytes && total > packed.bytes * gzipRatio) {
      throw new AppError("payload_too_large", `It unpacks to over ${gzipRatio} times its size.`);
    }
    yield chunk;
  }
}

/** A file's bytes, measured and its beginning looked at. */
export async function* checkFile(
  bytes: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<Uint8Array> {
  const head: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of bytes) {
    if (total < sniffedBytes) head.push(chunk);
    total += chunk.length;
    if (total > most) throw new AppError("payload_too_large");
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

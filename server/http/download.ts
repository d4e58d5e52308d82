import { Readable } from "node:stream";
import { AppError } from "../errors.ts";
import type { Download, ExportedFiles } from "../jobs/exported-files.ts";
import { nameAttachment } from "./attachment.ts";
import type { Context } from "./context.ts";
import { readRange } from "./ranges.ts";

/** A reader that takes nothing for so long is cut off; it may go on with `Range`. */
const longestStallMs = 60_000;

/** Answers with a file, or the part of it that is asked for (RFC 9110, sections 13 and 14). */
export function sendFile(ctx: Context, file: Download, read: ExportedFiles["read"]): void {
  const etag = `"${file.sha256}"`;
  ctx.status = 200;
  ctx.set("ETag", etag);
  ctx.set("Cache-Control", "private, no-store");
  if (isKnown(ctx.get("If-None-Match"), etag)) {
    ctx.status = 304;
    return;
  }
  const { start, end } = chooseRange(ctx, file, etag);
  ctx.set("Accept-Ranges", "bytes");
  ctx.set("Content-Type", file.type);
  ctx.set("Content-Disposition", nameAttachment(file.name));
  if (ctx.method === "GET") ctx.body = openBody(ctx, (signal) => read(file.id, start, end, signal));
  ctx.length = end - start;
}

/** Not `ctx.fresh`: browsers send `Cache-Control: no-cache` along with a condition that a script has set. */
const isKnown = (condition: string, etag: string): boolean =>
  condition === "*" || condition.split(",").some((one) => one.trim().replace(/^W\//, "") === etag);

function chooseRange(ctx: Context, { bytes }: Download, etag: string) {
  const whole = { start: 0, end: bytes };
  const condition = ctx.get("If-Range");
  if (ctx.method !== "GET" || (condition !== "" && condition !== etag)) return whole;
  const range = readRange(ctx.get("Range"), bytes);
  if (range === "whole") return whole;
  if (range === "none") {
    ctx.set("Content-Range", `bytes */${bytes}`);
    throw new AppError("range_not_satisfiable", `The file has ${bytes} bytes.`);
  }
  ctx.status = 206;
  ctx.set("Content-Range", `bytes ${range.start}-${range.end - 1}/${bytes}`);
  return range;
}

/** Is read as fast as it is taken: one chunk waits in it. */
function openBody(ctx: Context, open: (signal: AbortSignal) => AsyncIterable<Uint8Array>) {
  const stop = new AbortController();
  const body = Readable.from(open(stop.signal), { objectMode: false, highWaterMark: 1 });
  body.once("close", () => stop.abort());
  ctx.res.setTimeout(longestStallMs, () => ctx.res.destroy());
  return body;
}

import { Readable } from "node:stream";
import contentDisposition from "content-disposition";
import type { Context } from "./context.ts";

/** Answers with a file that is made as it is sent; where its making fails the connection breaks off. */
export function sendFile(
  ctx: Context,
  { name, type, chunks }: { name: string; type: string; chunks: AsyncIterable<string> },
): void {
  // RFC 6266: also in ASCII, for those who read no `filename*`.
  ctx.set("Content-Disposition", contentDisposition(name));
  ctx.set("Content-Type", type);
  ctx.body = Readable.from(chunks);
}

import { Readable } from "node:stream";
import contentDisposition from "content-disposition";
import type { Context } from "./context.ts";

/** RFC 6266: the name in UTF-8, and in ASCII for those who read no `filename*`. */
export const nameAttachment = (name: string): string =>
  contentDisposition(name, { fallback: name.replace(/[^\x20-\x7e]/g, "?") });

/** Answers with a file that is made as it is sent; where its making fails the connection breaks off. */
export function sendAttachment(
  ctx: Context,
  { name, type, chunks }: { name: string; type: string; chunks: AsyncIterable<string> },
): void {
  ctx.set("Content-Disposition", nameAttachment(name));
  ctx.set("Content-Type", type);
  ctx.body = Readable.from(chunks);
}

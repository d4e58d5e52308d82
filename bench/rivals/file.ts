import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { makeThrowAwayFolder } from "../../scripts/processes/guard.mjs";

/** A file on disk for rivals to read, which is cheaper than what an import reads: GridFS, twice. */
export async function writeFile(content: Readable) {
  const folder = makeThrowAwayFolder();
  const path = join(folder, "rows");
  await pipeline(content, createWriteStream(path));
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

import { FileError } from "./seam.ts";
import type { Window } from "./window.ts";

/** Passes over a byte order mark at the start of a file; UTF-16 is refused. */
export async function skipByteOrderMark(window: Window): Promise<void> {
  await window.fill();
  const [first, second, third] = window.bytes.subarray(window.start, window.end);
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new FileError("file_encoding", "The file is UTF-16 text; it has to be UTF-8.");
  }
  if (first === 0xef && second === 0xbb && third === 0xbf) window.start += 3;
}

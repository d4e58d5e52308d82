type Signature = { magic: readonly number[] | string; what: string; binary?: true };

// UTF-32 comes before UTF-16: the little-endian mark of the one begins with that of the other.
const signatures: readonly Signature[] = [
  { magic: [0xff, 0xfe, 0, 0], what: "UTF-32 text" },
  { magic: [0, 0, 0xfe, 0xff], what: "UTF-32 text" },
  { magic: [0xff, 0xfe], what: "UTF-16 text" },
  { magic: [0xfe, 0xff], what: "UTF-16 text" },
  { magic: "\x89PNG\r\n\x1a\n", what: "a PNG image" },
  { magic: [0xff, 0xd8, 0xff], what: "a JPEG image" },
  { magic: "GIF87a", what: "a GIF image" },
  { magic: "GIF89a", what: "a GIF image" },
  { magic: "%PDF-", what: "a PDF document" },
  { magic: "PK\x03\x04", what: "a ZIP archive or an Office document" },
  { magic: "PK\x05\x06", what: "an empty ZIP archive" },
  { magic: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], what: "an old Office document" },
  { magic: [0x1f, 0x8b], what: "a gzip archive" },
  { magic: "\x7fELF", what: "a program" },
  { magic: "MZ", what: "a program", binary: true },
  { magic: "SQLite format 3\0", what: "a SQLite database" },
];

/** How a document begins that a browser would run, after a byte order mark and blanks. */
const markup = /^(?:\u00ef\u00bb\u00bf)?\s*<(?:!doctype\s+html|html|svg|\?xml)[\s>]/i;

/**
 * Says in one sentence why a file that begins with `head` (up to 4 KiB) can't be CSV or NDJSON in
 * UTF-8, or null. Damage further down is no reason: it costs rows, not the file.
 */
export function refuseForeignBytes(head: Uint8Array): string | null {
  const found = signatures.find((signature) => begins(head, signature));
  const what = found?.what ?? (isMarkup(head) ? "an HTML, SVG or XML document" : null);
  return what && `The file is ${what}, not CSV or NDJSON in UTF-8.`;
}

const isMarkup = (head: Uint8Array): boolean => markup.test(Buffer.from(head).toString("latin1"));

function begins(head: Uint8Array, { magic, binary }: Signature): boolean {
  const bytes = typeof magic === "string" ? Buffer.from(magic, "latin1") : magic;
  if (head.length < bytes.length) return false;
  // "MZ" may well begin a text; a program has a NUL soon after.
  return bytes.every((byte, index) => head[index] === byte) && (!binary || head.includes(0));
}

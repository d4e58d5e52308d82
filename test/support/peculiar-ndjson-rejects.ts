import { bytesOf, columnsOf, mebibyte, type PeculiarFile } from "./peculiar-file.ts";

const a = columnsOf("a integer");
const first = { row: 1, values: { a: 1 } };
const nested = (depth: number) => `{"b":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}\n`;
const many = Array.from({ length: 501 }, (_, index) => `{"n${index}":1}\n`).join("");

/** NDJSON files with rows that are rejected, or that fail as a whole. */
export const ndjsonRejectFiles: readonly PeculiarFile[] = [
  {
    name: "lines that aren't JSON objects",
    format: "ndjson",
    bytes: bytesOf('{"a":1}\n{"a":2\n[1]\n"x"\nnull\n{a:3}\n{"a":4} {}\n{"a":NaN}\n'),
    expected: {
      columns: a,
      records: [first],
      rejects: [
        { row: 2, line: 2, code: "json" },
        { row: 3, line: 3, code: "not_object" },
        { row: 4, line: 4, code: "not_object" },
        { row: 5, line: 5, code: "not_object" },
        { row: 6, line: 6, code: "json" },
        { row: 7, line: 7, code: "json" },
        { row: 8, line: 8, code: "json" },
      ],
    },
  },
  {
    name: "bad UTF-8 and NULs (NDJSON)",
    format: "ndjson",
    bytes: bytesOf(
      '{"a":1}\n{"a":"',
      0xff,
      '"}\n{"a":"\0"}\n{"a":"\\u0000"}\n{"a\\u0000":1}\n{"a":2}\n{"a":"\\\\u0000"',
      "\n",
    ),
    expected: {
      columns: a,
      records: [first, { row: 6, values: { a: 2 } }],
      rejects: [
        { row: 2, line: 2, code: "encoding" },
        { row: 3, line: 3, code: "encoding" },
        { row: 4, line: 4, code: "encoding" },
        { row: 5, line: 5, code: "encoding" },
        { row: 7, line: 7, code: "json" },
      ],
    },
  },
  {
    name: "surrogates, whole and halved",
    format: "ndjson",
    bytes: bytesOf(
      '{"b":"\\ud83d\\ude00"}\n{"a":"\\ud83d"}\n{"a":"\\ude00\\ud83d"}\n{"a":["\\ud83dx\\ude00"]}\n{"b":"\\\\ud83d"}\n',
    ),
    expected: {
      columns: columnsOf("b string"),
      records: [
        { row: 1, values: { b: "😀" } },
        { row: 5, values: { b: "\\ud83d" } },
      ],
      rejects: [
        { row: 2, line: 2, code: "json" },
        { row: 3, line: 3, code: "json" },
        { row: 4, line: 4, code: "json" },
      ],
    },
  },
  {
    name: "nested 100 deep and 101 deep",
    format: "ndjson",
    bytes: bytesOf(nested(100), nested(101), nested(50_000)),
    expected: {
      columns: columnsOf("b json"),
      records: [{ row: 1, values: { b: nested(100).slice(5, -2) } }],
      rejects: [
        { row: 2, line: 2, code: "json" },
        { row: 3, line: 3, code: "json" },
      ],
    },
  },
  {
    name: "a line of 1 MiB and one of a byte more",
    format: "ndjson",
    bytes: bytesOf(
      '{"a":1}\n',
      `{"a":2${" ".repeat(mebibyte - 7)}}\n`,
      `{"a":3${" ".repeat(mebibyte - 6)}}\r\n`,
      '{"a":4}\n',
    ),
    expected: {
      columns: a,
      records: [first, { row: 2, values: { a: 2 } }, { row: 4, values: { a: 4 } }],
      rejects: [{ row: 3, line: 3, code: "too_large" }],
    },
  },
  {
    name: "an empty file (NDJSON)",
    format: "ndjson",
    bytes: bytesOf(""),
    expected: { error: "header_invalid" },
  },
  {
    name: "blank lines alone (NDJSON)",
    format: "ndjson",
    bytes: bytesOf("\n  \r\n"),
    expected: { error: "header_invalid" },
  },
  {
    name: "501 columns (NDJSON)",
    format: "ndjson",
    bytes: bytesOf(many),
    expected: { error: "too_many_columns" },
  },
  {
    name: "a name of more than 1,000 bytes (NDJSON)",
    format: "ndjson",
    bytes: bytesOf(`{"${"é".repeat(501)}":1}\n`),
    expected: { error: "header_invalid" },
  },
];

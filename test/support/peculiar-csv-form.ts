import { bytesOf, columnsOf, type PeculiarFile } from "./peculiar-file.ts";

const ab = columnsOf("a integer, b string");
const oneRow = [{ row: 1, values: { a: 1, b: "x" } }];

/** CSV files whose every row is in order, however they are written. */
export const csvFormFiles: readonly PeculiarFile[] = [
  {
    name: "a byte order mark",
    format: "csv",
    bytes: bytesOf("\uFEFFa,b\n1,x\n"),
    expected: { columns: ab, records: oneRow, rejects: [] },
  },
  {
    name: "a byte order mark before a quoted name",
    format: "csv",
    bytes: bytesOf('\uFEFF"a","b"\n1,x\n'),
    expected: { columns: ab, records: oneRow, rejects: [] },
  },
  {
    name: "CRLF line ends",
    format: "csv",
    bytes: bytesOf('a,b\r\n1,x\r\n2,"y"\r\n3,\r\n'),
    expected: {
      columns: ab,
      records: [
        ...oneRow,
        { row: 2, values: { a: 2, b: "y" } },
        { row: 3, values: { a: 3, b: null } },
      ],
      rejects: [],
    },
  },
  {
    name: "a CR that is data",
    format: "csv",
    bytes: bytesOf("a,b\n1,x\ry\n2,z\r"),
    expected: {
      columns: ab,
      records: [
        { row: 1, values: { a: 1, b: "x\ry" } },
        { row: 2, values: { a: 2, b: "z\r" } },
      ],
      rejects: [],
    },
  },
  {
    name: "line ends inside quotes",
    format: "csv",
    bytes: bytesOf('a,b\n1,"x\ny\r\nz"\n2,"\n"\n'),
    expected: {
      columns: ab,
      records: [
        { row: 1, values: { a: 1, b: "x\ny\r\nz" } },
        { row: 2, values: { a: 2, b: "\n" } },
      ],
      rejects: [],
    },
  },
  {
    name: "doubled quotes and delimiters inside quotes",
    format: "csv",
    bytes: bytesOf('a,b\n1,"say ""hi"", please"\n2,""""\n'),
    expected: {
      columns: ab,
      records: [
        { row: 1, values: { a: 1, b: 'say "hi", please' } },
        { row: 2, values: { a: 2, b: '"' } },
      ],
      rejects: [],
    },
  },
  {
    name: "a quote inside an unquoted cell",
    format: "csv",
    bytes: bytesOf('a,b\n1,5" pipe\n2, "x"\n'),
    expected: {
      columns: ab,
      records: [
        { row: 1, values: { a: 1, b: '5" pipe' } },
        { row: 2, values: { a: 2, b: ' "x"' } },
      ],
      rejects: [],
    },
  },
  {
    name: "semicolons",
    format: "csv",
    bytes: bytesOf('a;b\n1;"x;y"\n2;1,5\n'),
    expected: {
      columns: ab,
      records: [
        { row: 1, values: { a: 1, b: "x;y" } },
        { row: 2, values: { a: 2, b: "1,5" } },
      ],
      rejects: [],
    },
  },
  {
    name: "tabs",
    format: "csv",
    bytes: bytesOf("a\tb\n1\tx\n"),
    expected: { columns: ab, records: oneRow, rejects: [] },
  },
  {
    name: "a delimiter that is given, against appearances",
    format: "csv",
    bytes: bytesOf("a,x|b\n1|x\n"),
    options: { delimiter: "|" },
    expected: {
      columns: columnsOf("a,x integer, b string"),
      records: [{ row: 1, values: { "a,x": 1, b: "x" } }],
      rejects: [],
    },
  },
  {
    name: "lines with nothing in them",
    format: "csv",
    bytes: bytesOf("\n\r\na,b\n\n1,x\n\r\n\n"),
    expected: { columns: ab, records: oneRow, rejects: [] },
  },
  {
    name: "no line end at the end",
    format: "csv",
    bytes: bytesOf("a,b\n1,x"),
    expected: { columns: ab, records: oneRow, rejects: [] },
  },
  {
    name: "a quoted cell at the very end",
    format: "csv",
    bytes: bytesOf('a,b\n1,"x"'),
    expected: { columns: ab, records: oneRow, rejects: [] },
  },
  {
    name: "one column with an empty quoted cell and an empty line",
    format: "csv",
    bytes: bytesOf('a\nx\n\n""\n'),
    expected: {
      columns: columnsOf("a string"),
      records: [
        { row: 1, values: { a: "x" } },
        { row: 2, values: { a: null } },
      ],
      rejects: [],
    },
  },
  {
    name: "letters beyond ASCII",
    format: "csv",
    bytes: bytesOf('größe,b\n1,"日本 ""語"""\n2,😀\n'),
    expected: {
      columns: columnsOf("größe integer, b string"),
      records: [
        { row: 1, values: { größe: 1, b: '日本 "語"' } },
        { row: 2, values: { größe: 2, b: "😀" } },
      ],
      rejects: [],
    },
  },
];

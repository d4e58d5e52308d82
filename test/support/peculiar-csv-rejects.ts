import { bytesOf, columnsOf, mebibyte, type PeculiarFile } from "./peculiar-file.ts";

const ab = columnsOf("a integer, b string");
// A line `2,<cell>` of exactly 1 KiB.
const kilobyteCell = "y".repeat(1021);
const first = { row: 1, values: { a: 1, b: "x" } };

/** CSV files with rows that are rejected while the others come in. */
export const csvRejectFiles: readonly PeculiarFile[] = [
  {
    name: "rows with too few and too many cells",
    format: "csv",
    bytes: bytesOf("a,b\n1,x\n2\n3,y,z\n4,w\n"),
    expected: {
      columns: ab,
      records: [first, { row: 4, values: { a: 4, b: "w" } }],
      rejects: [
        { row: 2, line: 3, code: "column_count" },
        { row: 3, line: 4, code: "column_count" },
      ],
    },
  },
  {
    name: "text after a closing quote",
    format: "csv",
    bytes: bytesOf('a,b\n1,x\n"1"x,"y\n2,z\n"3"\r,\n'),
    expected: {
      columns: ab,
      records: [first, { row: 3, values: { a: 2, b: "z" } }],
      rejects: [
        { row: 2, line: 3, code: "quote" },
        { row: 4, line: 5, code: "quote" },
      ],
    },
  },
  {
    name: "text after a quoted cell of two lines",
    format: "csv",
    bytes: bytesOf('a,b\n"1\n2"x,y\n1,x\n'),
    expected: {
      columns: ab,
      records: [{ row: 2, values: { a: 1, b: "x" } }],
      rejects: [{ row: 1, line: 2, code: "quote" }],
    },
  },
  {
    name: "a quote that never closes",
    format: "csv",
    bytes: bytesOf('a,b\n1,x\n2,"y\n3,z\n4,w\n'),
    expected: {
      columns: ab,
      records: [first, { row: 3, values: { a: 3, b: "z" } }, { row: 4, values: { a: 4, b: "w" } }],
      rejects: [{ row: 2, line: 3, code: "quote" }],
    },
  },
  {
    name: "a quote that opens at the very end",
    format: "csv",
    bytes: bytesOf('a,b\n1,x\n2,"'),
    expected: { columns: ab, records: [first], rejects: [{ row: 2, line: 3, code: "quote" }] },
  },
  {
    name: "a quote that is open for more than 1 MiB",
    format: "csv",
    bytes: bytesOf('a,b\n1,"x\n', `2,${kilobyteCell}\n`.repeat(1024), '3,z"\n4,w\n'),
    expected: {
      columns: ab,
      records: [
        ...Array.from({ length: 1024 }, (_, index) => ({
          row: index + 2,
          values: { a: 2, b: kilobyteCell },
        })),
        { row: 1026, values: { a: 3, b: 'z"' } },
        { row: 1027, values: { a: 4, b: "w" } },
      ],
      rejects: [{ row: 1, line: 2, code: "quote" }],
    },
  },
  {
    name: "bad UTF-8",
    format: "csv",
    bytes: bytesOf("a,b\n1,x\n2,", 0xff, "\n3,", 0xe2, 0x82, "\n4,ü\n5", 0xc3),
    expected: {
      columns: ab,
      records: [first, { row: 4, values: { a: 4, b: "ü" } }],
      rejects: [
        { row: 2, line: 3, code: "encoding" },
        { row: 3, line: 4, code: "encoding" },
        { row: 5, line: 6, code: "encoding" },
      ],
    },
  },
  {
    name: "a NUL in a cell, quoted or not",
    format: "csv",
    bytes: bytesOf('a,b\n1,x\n2,\0\n3,"y\0"\n4,\0,z\n5,"\0"z\n'),
    expected: {
      columns: ab,
      records: [first],
      rejects: [
        { row: 2, line: 3, code: "encoding" },
        { row: 3, line: 4, code: "encoding" },
        { row: 4, line: 5, code: "encoding" },
        { row: 5, line: 6, code: "quote" },
      ],
    },
  },
  {
    name: "a cell of 2 MiB",
    format: "csv",
    bytes: bytesOf("a,b\n1,x\n2,", "y".repeat(2 * mebibyte), "\n3,z\n"),
    expected: {
      columns: ab,
      records: [first, { row: 3, values: { a: 3, b: "z" } }],
      rejects: [{ row: 2, line: 3, code: "too_large" }],
    },
  },
  {
    name: "a quoted cell of 2 MiB",
    format: "csv",
    bytes: bytesOf('a,b\n1,x\n2,"', "y".repeat(2 * mebibyte), '"\n3,z\n'),
    expected: {
      columns: ab,
      records: [first, { row: 3, values: { a: 3, b: "z" } }],
      rejects: [{ row: 2, line: 3, code: "quote" }],
    },
  },
  {
    name: "rejected rows that would have changed a type",
    format: "csv",
    bytes: bytesOf('a,b\n1,x\nno\nno,"n"o\nno,', 0xff, "\n"),
    expected: {
      columns: ab,
      records: [first],
      rejects: [
        { row: 2, line: 3, code: "column_count" },
        { row: 3, line: 4, code: "quote" },
        { row: 4, line: 5, code: "encoding" },
      ],
    },
  },
];

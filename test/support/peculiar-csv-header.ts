import { bytesOf, columnsOf, mebibyte, type PeculiarFile } from "./peculiar-file.ts";

const many = Array.from({ length: 501 }, (_, index) => `n${index}`).join(",");

/** CSV files whose header, or lack of one, decides. */
export const csvHeaderFiles: readonly PeculiarFile[] = [
  {
    name: "a header alone",
    format: "csv",
    bytes: bytesOf("a,b\n"),
    expected: { columns: columnsOf("a string, b string"), records: [], rejects: [] },
  },
  {
    name: "names that repeat or are empty",
    format: "csv",
    bytes: bytesOf("name,name,,name\n1,2,3,4\n"),
    expected: {
      columns: columnsOf("name integer, name_2 integer, column_3 integer, name_3 integer"),
      records: [{ row: 1, values: { name: 1, name_2: 2, column_3: 3, name_3: 4 } }],
      rejects: [],
    },
  },
  {
    name: "a repeated name beside the one it would get",
    format: "csv",
    bytes: bytesOf("a,a,a_2,,column_4\n1,2,3,4,5\n"),
    expected: {
      columns: columnsOf(
        "a integer, a_3 integer, a_2 integer, column_4_2 integer, column_4 integer",
      ),
      records: [{ row: 1, values: { a: 1, a_3: 2, a_2: 3, column_4_2: 4, column_4: 5 } }],
      rejects: [],
    },
  },
  {
    name: "names that are traps in JavaScript and MongoDB",
    format: "csv",
    bytes: bytesOf("__proto__,constructor,$where,a.b\n1,2,3,4\n"),
    expected: {
      columns: columnsOf("__proto__ integer, constructor integer, $where integer, a.b integer"),
      // A computed key, or it would set the prototype.
      records: [{ row: 1, values: { ["__proto__"]: 1, constructor: 2, $where: 3, "a.b": 4 } }],
      rejects: [],
    },
  },
  {
    name: "no header",
    format: "csv",
    bytes: bytesOf("1,x\n2,y\n"),
    options: { header: false },
    expected: {
      columns: columnsOf("column_1 integer, column_2 string"),
      records: [
        { row: 1, values: { column_1: 1, column_2: "x" } },
        { row: 2, values: { column_1: 2, column_2: "y" } },
      ],
      rejects: [],
    },
  },
  {
    name: "no header and a first row that is rejected",
    format: "csv",
    bytes: bytesOf('"1"x,2,3\n2,y\n'),
    options: { header: false, delimiter: "," },
    expected: {
      columns: columnsOf("column_1 integer, column_2 string"),
      records: [{ row: 2, values: { column_1: 2, column_2: "y" } }],
      rejects: [{ row: 1, line: 1, code: "quote" }],
    },
  },
  {
    name: "no header and no row that can be read",
    format: "csv",
    bytes: bytesOf('"1"x,2\n'),
    options: { header: false },
    expected: { error: "header_invalid" },
  },
  {
    name: "an empty file",
    format: "csv",
    bytes: bytesOf(""),
    expected: { error: "header_invalid" },
  },
  {
    name: "nothing but line ends and a byte order mark",
    format: "csv",
    bytes: bytesOf("\uFEFF\n\r\n\n"),
    expected: { error: "header_invalid" },
  },
  {
    name: "a header with text after a closing quote",
    format: "csv",
    bytes: bytesOf('"a"x,b\n1,2\n'),
    expected: { error: "header_invalid" },
  },
  {
    name: "a header whose quote never closes",
    format: "csv",
    bytes: bytesOf('"a,b\n1,2\n'),
    expected: { error: "header_invalid" },
  },
  {
    name: "a header of more than 1 MiB",
    format: "csv",
    bytes: bytesOf("a".repeat(mebibyte + 1), "\n1\n"),
    expected: { error: "header_invalid" },
  },
  {
    name: "a name of more than 1,000 bytes",
    format: "csv",
    bytes: bytesOf(`a,${"é".repeat(501)}\n1,2\n`),
    expected: { error: "header_invalid" },
  },
  {
    name: "a header that isn't UTF-8",
    format: "csv",
    bytes: bytesOf("a,gr", 0xf6, "\n1,2\n"),
    expected: { error: "file_encoding" },
  },
  {
    name: "a NUL in the header",
    format: "csv",
    bytes: bytesOf("a,b\0\n1,2\n"),
    expected: { error: "file_encoding" },
  },
  {
    name: "501 columns",
    format: "csv",
    bytes: bytesOf(`${many}\n`),
    expected: { error: "too_many_columns" },
  },
  {
    name: "501 columns without a header",
    format: "csv",
    bytes: bytesOf(`${many}\n`),
    options: { header: false },
    expected: { error: "too_many_columns" },
  },
];

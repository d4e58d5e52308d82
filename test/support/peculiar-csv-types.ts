import { bytesOf, columnsOf, type PeculiarFile } from "./peculiar-file.ts";

/** CSV files that lie at the edges of the types. */
export const csvTypeFiles: readonly PeculiarFile[] = [
  {
    name: "integers up to 2^53-1 and past it",
    format: "csv",
    bytes: bytesOf(
      "most,past,negative,zeros,plus\n9007199254740991,9007199254740992,-0,007,+5\n-9007199254740991,1,1,1,1\n",
    ),
    expected: {
      columns: columnsOf("most integer, past string, negative string, zeros string, plus string"),
      records: [
        {
          row: 1,
          values: {
            most: 9007199254740991,
            past: "9007199254740992",
            negative: "-0",
            zeros: "007",
            plus: "+5",
          },
        },
        {
          row: 2,
          values: { most: -9007199254740991, past: "1", negative: "1", zeros: "1", plus: "1" },
        },
      ],
      rejects: [],
    },
  },
  {
    name: "decimals",
    format: "csv",
    bytes: bytesOf(
      "a,b,c,d,e\n1.50,1.,1e999,0.1234567890123456,1e3\n-0.0,.5,1e-400,1,123456789012345.0e-1\n,,,,\n7,1,1,2,2E+2\n",
    ),
    expected: {
      columns: columnsOf("a number, b string, c string, d string, e string"),
      records: [
        { row: 1, values: { a: 1.5, b: "1.", c: "1e999", d: "0.1234567890123456", e: "1e3" } },
        { row: 2, values: { a: 0, b: ".5", c: "1e-400", d: "1", e: "123456789012345.0e-1" } },
        { row: 3, values: { a: null, b: null, c: null, d: null, e: null } },
        { row: 4, values: { a: 7, b: "1", c: "1", d: "2", e: "2E+2" } },
      ],
      rejects: [],
    },
  },
  {
    name: "booleans in any case",
    format: "csv",
    bytes: bytesOf("a,b\ntrue,true\nFALSE,yes\nTrue,\n"),
    expected: {
      columns: columnsOf("a boolean, b string"),
      records: [
        { row: 1, values: { a: true, b: "true" } },
        { row: 2, values: { a: false, b: "yes" } },
        { row: 3, values: { a: true, b: null } },
      ],
      rejects: [],
    },
  },
  {
    name: "dates",
    format: "csv",
    bytes: bytesOf(
      "a,b,c\n2024-02-29,2023-02-29,9999-12-31T23:59-00:01\n2024-01-01T10:30,2024-01-01,2024-01-01\n2024-01-01 00:30:15+01:00,,\n2024-01-01T00:00:00.500Z,,\n",
    ),
    expected: {
      columns: columnsOf("a date, b string, c string"),
      records: [
        { row: 1, values: { a: "2024-02-29", b: "2023-02-29", c: "9999-12-31T23:59-00:01" } },
        { row: 2, values: { a: "2024-01-01T10:30:00.000Z", b: "2024-01-01", c: "2024-01-01" } },
        { row: 3, values: { a: "2023-12-31T23:30:15.000Z", b: null, c: null } },
        { row: 4, values: { a: "2024-01-01T00:00:00.500Z", b: null, c: null } },
      ],
      rejects: [],
    },
  },
  {
    name: "blanks around values and mixed columns",
    format: "csv",
    bytes: bytesOf("a,b,c\n 1,1,2024-01-01\n2,true,5\n"),
    expected: {
      columns: columnsOf("a string, b string, c string"),
      records: [
        { row: 1, values: { a: " 1", b: "1", c: "2024-01-01" } },
        { row: 2, values: { a: "2", b: "true", c: "5" } },
      ],
      rejects: [],
    },
  },
];

import { bytesOf, columnsOf, type PeculiarFile } from "./peculiar-file.ts";

/** NDJSON files whose every row is in order. */
export const ndjsonFiles: readonly PeculiarFile[] = [
  {
    name: "a byte order mark, CRLF, blank lines and no line end at the end (NDJSON)",
    format: "ndjson",
    bytes: bytesOf('\uFEFF{"a":1}\r\n\r\n \t\n{ "b" : "x" , "a" : 2 }'),
    expected: {
      columns: columnsOf("a integer, b string"),
      records: [
        { row: 1, values: { a: 1, b: null } },
        { row: 2, values: { a: 2, b: "x" } },
      ],
      rejects: [],
    },
  },
  {
    name: "each JSON type",
    format: "ndjson",
    bytes: bytesOf(
      '{"s":"","i":-5,"n":1.50,"b":true,"o":{"x": [1]},"z":null,"d":"2024-01-01"}\n',
      '{"s":"\\u00e9\\n","i":0,"n":2,"b":false,"o":null}\n',
    ),
    expected: {
      columns: columnsOf("s string, i integer, n number, b boolean, o json, z string, d string"),
      records: [
        {
          row: 1,
          values: { s: "", i: -5, n: 1.5, b: true, o: '{"x": [1]}', z: null, d: "2024-01-01" },
        },
        { row: 2, values: { s: "é\n", i: 0, n: 2, b: false, o: null, z: null, d: null } },
      ],
      rejects: [],
    },
  },
  {
    name: "a mixed column keeps its source",
    format: "ndjson",
    bytes: bytesOf('{"a":"x\\u0041"}\n{"a": 1.0 }\n{"a":[ 1 ]}\n{"a":true}\n'),
    expected: {
      columns: columnsOf("a json"),
      records: [
        { row: 1, values: { a: '"x\\u0041"' } },
        { row: 2, values: { a: "1.0" } },
        { row: 3, values: { a: "[ 1 ]" } },
        { row: 4, values: { a: "true" } },
      ],
      rejects: [],
    },
  },
  {
    name: "numbers that a double can't hold",
    format: "ndjson",
    bytes: bytesOf('{"a":9007199254740993,"b":1e999,"c":1e3}\n{"a":1,"b":"x","c":-0}\n'),
    expected: {
      columns: columnsOf("a string, b json, c number"),
      records: [
        { row: 1, values: { a: "9007199254740993", b: "1e999", c: 1000 } },
        { row: 2, values: { a: "1", b: '"x"', c: 0 } },
      ],
      rejects: [],
    },
  },
  {
    name: "names that repeat, are empty or are traps",
    format: "ndjson",
    bytes: bytesOf('{"a":1,"":2,"\\u0061":3,"__proto__":4,"constructor":5,"$where":6,"a.b":7}\n'),
    expected: {
      columns: [
        { name: "a", type: "integer" },
        { name: "", type: "integer" },
        ...columnsOf("__proto__ integer, constructor integer, $where integer, a.b integer"),
      ],
      records: [
        {
          row: 1,
          // A computed key, or it would set the prototype.
          values: { a: 3, "": 2, ["__proto__"]: 4, constructor: 5, $where: 6, "a.b": 7 },
        },
      ],
      rejects: [],
    },
  },
];

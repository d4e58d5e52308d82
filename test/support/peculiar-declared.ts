import type { Column } from "../../protocol/datasets.ts";
import { bytesOf, columnsOf, type PeculiarFile } from "./peculiar-file.ts";

const declare = (list: string) => ({ columns: columnsOf(list) });
const deep = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const type = (row: number, line = row) => ({ row, line, code: "type" as const });

/** What a cell becomes; undefined where its row is rejected. */
type Value = string | number | boolean | null | undefined;
const no = undefined;

/** The rows of a declared column beside one that counts them. */
const one = (column: string, cells: [string, Value][]) => ({
  columns: [...columnsOf(column), { name: "n", type: "integer" } satisfies Column],
  records: cells.flatMap(([, value], index) =>
    value === undefined ? [] : [{ row: index + 1, values: { a: value, n: index } }],
  ),
});

const csv = (name: string, column: string, cells: [string, Value][]): PeculiarFile => ({
  name,
  format: "csv",
  bytes: bytesOf(`a,n\n${cells.map(([cell], index) => `${cell},${index}\n`).join("")}`),
  options: declare(column),
  expected: {
    ...one(column, cells),
    rejects: cells.flatMap(([, value], i) => (value === undefined ? [type(i + 1, i + 2)] : [])),
  },
});

const ndjson = (name: string, column: string, cells: [string, Value][]): PeculiarFile => ({
  name,
  format: "ndjson",
  bytes: bytesOf(cells.map(([value], index) => `{"a":${value},"n":${index}}\n`).join("")),
  options: declare(column),
  expected: {
    ...one(column, cells),
    rejects: cells.flatMap(([, value], i) => (value === undefined ? [type(i + 1)] : [])),
  },
});

/** Files whose columns were declared. */
export const declaredFiles: readonly PeculiarFile[] = [
  csv("a declared integer", "a integer", [
    ["1", 1],
    ["", null],
    ['"-20"', -20],
    ["1.0", no],
    ["007", no],
    [" 1", no],
    ["9007199254740992", no],
    ['"1""2"', no],
    ["x", no],
  ]),
  csv("a declared number", "a number", [
    ["1", 1],
    ["1.50", 1.5],
    ["1e3", 1000],
    ["1234567890.123456", no],
    ["NaN", no],
    [".5", no],
  ]),
  csv("a declared boolean", "a boolean", [
    ["true", true],
    ["FALSE", false],
    ["1", no],
    ["yes", no],
  ]),
  csv("a declared date", "a date", [
    ["2024-02-29", "2024-02-29"],
    ["2024-01-01 10:00+02:00", "2024-01-01T08:00:00.000Z"],
    ["2023-02-29", no],
    ["01/02/2024", no],
  ]),
  csv("numbers declared as text", "a string", [
    ["007", "007"],
    ["1", "1"],
    ["", null],
    ['"1""2"', '1"2'],
  ]),
  csv("declared JSON", "a json", [
    ['"{""b"": [1, 2]}"', '{"b": [1, 2]}'],
    ["[]", "[]"],
    ["null", "null"],
    ["1.50", "1.50"],
    ['"""x"""', '"x"'],
    [deep(99), deep(99)],
    [deep(100), no],
    ["x", no],
    ['"""\\ud83d"""', no],
    ['"""\\u0000"""', no],
    ["{} {}", no],
    [" ", no],
  ]),
  ndjson("a declared integer (NDJSON)", "a integer", [
    ["1", 1],
    ['"12"', 12],
    ['"\\u0031"', 1],
    ["null", null],
    ["1.0", no],
    ['"1.0"', no],
    ['""', no],
    ["true", no],
    ["[1]", no],
  ]),
  ndjson("a declared number (NDJSON)", "a number", [
    ["0.30000000000000004", 0.30000000000000004],
    ['"1.50"', 1.5],
    ["1.50", 1.5],
    ["9007199254740993", no],
    ['"0.30000000000000004"', no],
    ['" 1"', no],
  ]),
  ndjson("a declared boolean (NDJSON)", "a boolean", [
    ["true", true],
    ['"False"', false],
    ["0", no],
    ['"no"', no],
  ]),
  ndjson("a declared date (NDJSON)", "a date", [
    ['"2024-02-29"', "2024-02-29"],
    ['"2024-01-01 10:00"', "2024-01-01T10:00:00.000Z"],
    ["20240101", no],
    ['"2024"', no],
  ]),
  ndjson("anything declared as text (NDJSON)", "a string", [
    ['"x"', "x"],
    ["12", "12"],
    ["1.50", "1.50"],
    ["true", "true"],
    ['{"b":1}', '{"b":1}'],
    ["null", null],
  ]),
  ndjson("text declared as JSON (NDJSON)", "a json", [
    ['"x"', '"x"'],
    ["1.50", "1.50"],
    ["null", null],
  ]),
  {
    name: "a declared column without a header",
    format: "csv",
    bytes: bytesOf("1,x\n2,y\nz,3\n"),
    options: { header: false, ...declare("column_2 string, column_1 integer") },
    expected: {
      columns: columnsOf("column_1 integer, column_2 string"),
      records: [
        { row: 1, values: { column_1: 1, column_2: "x" } },
        { row: 2, values: { column_1: 2, column_2: "y" } },
      ],
      rejects: [type(3)],
    },
  },
  {
    name: "a declared column beside one whose type all rows of a right form give",
    format: "csv",
    bytes: bytesOf("a,a\n1,2\nx,y\n1,2,3\n"),
    options: declare("a integer"),
    expected: {
      columns: columnsOf("a integer, a_2 string"),
      records: [{ row: 1, values: { a: 1, a_2: "2" } }],
      rejects: [type(2, 3), { row: 3, line: 4, code: "column_count" }],
    },
  },
  {
    name: "a column that only a row of the wrong type has",
    format: "ndjson",
    bytes: bytesOf('{"a":1}\n{"a":"x","b":2}\n'),
    options: declare("a integer"),
    expected: {
      columns: columnsOf("a integer, b integer"),
      records: [{ row: 1, values: { a: 1, b: null } }],
      rejects: [type(2)],
    },
  },
  {
    name: "a declared column that isn't there",
    format: "csv",
    bytes: bytesOf("a,b\n1,2\n"),
    options: declare("a integer, A integer"),
    expected: { error: "column_unknown" },
  },
  {
    name: "a declared column that isn't there (no header)",
    format: "csv",
    bytes: bytesOf("a,b\n1,2\n"),
    options: { header: false, ...declare("a integer") },
    expected: { error: "column_unknown" },
  },
  {
    name: "a declared column that isn't there (NDJSON)",
    format: "ndjson",
    bytes: bytesOf('{"a":1}\n{"b":1}\n'),
    options: declare("a.b integer"),
    expected: { error: "column_unknown" },
  },
];

import fc, { type Arbitrary } from "fast-check";
import { columnNames, columnsOfCsv, columnsOfNdjson } from "./samples.ts";
import { wildText } from "./texts.ts";

/** Stand in for what differs from run to run; the world puts it in as an input is sent. */
const tokens = (kind: string, count: number) => fc.nat(count - 1).map((i) => `@${kind}:${i}`);

/** The last is the one of many rows. */
const own = fc.oneof(
  { weight: 7, arbitrary: fc.constantFrom("@dataset:0", "@dataset:1") },
  { weight: 1, arbitrary: fc.constant("@dataset:2") },
);
/** Own ones; somebody else's; one that isn't there. */
export const datasetId = fc.oneof(
  { weight: 8, arbitrary: own },
  { weight: 1, arbitrary: fc.constantFrom("@dataset:3", "@dataset:4", "@job:0") },
);
/** Of the one who orders exports. */
export const orderedFrom = fc.constantFrom("@dataset:3", "@dataset:3", "@dataset:5");
export const jobId = fc.constantFrom("@job:0", "@job:1", "@job:2", "@job:3", "@job:4");
export const cursor = tokens("cursor", 12);

const text = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom("a", "text 7", "text", "é1", "x", "") },
  { weight: 3, arbitrary: wildText },
  { weight: 1, arbitrary: fc.constantFrom("a\0b", "\ud800") },
);
const number = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -5, max: 400 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.constantFrom(-0, 0.1, 2 ** 53, -(2 ** 63), 1e300) },
);
const day = fc.constantFrom("2024-01-05", "2024-01-01 10:00Z", "2024-01-09T23:59:59.999+14:00");
const scalar = fc.oneof(text, number, day, fc.boolean());

const orders = ["lt", "lte", "gt", "gte"];
const conditionOn = (names: readonly string[], ops: readonly string[], value: Arbitrary<unknown>) =>
  fc.record({ column: fc.constantFrom(...names), op: fc.constantFrom(...ops), value });
/** Conditions of every sort on columns that hold such values. */
const fitting = (names: readonly string[], value: Arbitrary<unknown>, ops: readonly string[]) =>
  fc.oneof(
    { weight: 4, arbitrary: conditionOn(names, ["eq", "ne", ...ops], value) },
    {
      weight: 1,
      arbitrary: conditionOn(names, ["in"], fc.array(value, { minLength: 1, maxLength: 4 })),
    },
    { weight: 1, arbitrary: conditionOn(names, ["empty"], fc.boolean()) },
  );
const anyColumn = fc.oneof(fc.constantFrom(...columnNames), wildText);
const anyOps = fc.constantFrom("eq", "lt", "in", "prefix", "contains", "empty", "$ne", "regex");
/** Mostly one that fits these columns. */
const conditionOf = ({ texts, numbers, days, flags }: typeof columnsOfCsv) =>
  fc.oneof(
    { weight: 6, arbitrary: fitting(texts, text, [...orders, "prefix", "contains"]) },
    { weight: 4, arbitrary: fitting(numbers, number, orders) },
    ...(days.length > 0 ? [{ weight: 3, arbitrary: fitting(days, day, orders) }] : []),
    { weight: 1, arbitrary: conditionOn(flags, ["eq", "ne"], fc.boolean()) },
    { weight: 1, arbitrary: fc.record({ column: anyColumn, op: anyOps, value: scalar }) },
  );
const direction = fc.constantFrom("asc", "desc");
const sortOf = ({ texts, numbers, days }: typeof columnsOfCsv) => {
  const column = fc.constantFrom(...texts, ...numbers, ...days);
  return fc.record({ column: fc.oneof({ weight: 9, arbitrary: column }, anyColumn), direction });
};

export const sort = sortOf(columnsOfCsv);
export const filter = fc.array(conditionOf(columnsOfCsv), { maxLength: 3 });
export const limit = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 200, 201, 1e21) },
);

/** What a page of records may be asked for. */
export const recordQuery = fc.oneof(
  ofRecords(fc.constantFrom("@dataset:0", "@dataset:0", "@dataset:0", "@dataset:2"), columnsOfCsv),
  ofRecords(fc.constant("@dataset:1"), columnsOfNdjson),
);

function ofRecords(datasetId: Arbitrary<string>, columns: typeof columnsOfCsv) {
  const filter = fc.array(conditionOf(columns), { maxLength: 4 });
  return fc.record(
    { datasetId, limit, sort: sortOf(columns), filter },
    { requiredKeys: ["datasetId"] },
  );
}

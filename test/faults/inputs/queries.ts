import fc, { type Arbitrary } from "fast-check";
import { columnNames } from "./samples.ts";
import { wildText } from "./texts.ts";

/** Stand in for what differs from run to run; the world puts it in as an input is sent. */
const tokens = (kind: string, count: number) => fc.nat(count - 1).map((i) => `@${kind}:${i}`);

const own = tokens("dataset", 3);
/** Own ones; somebody else's; one that isn't there. */
export const datasetId = fc.oneof(
  { weight: 8, arbitrary: own },
  { weight: 1, arbitrary: fc.constantFrom("@dataset:3", "@dataset:4", "@job:0") },
);
export const ownDatasetId = own;
export const jobId = fc.constantFrom("@job:0", "@job:1", "@job:2", "@job:3", "@job:4");
export const cursor = tokens("cursor", 12);

const column = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...columnNames) },
  { weight: 1, arbitrary: wildText },
);
const text = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constantFrom("a", "text 7", "é", "", "2024-01-01", "2024-01-02 10:00Z"),
  },
  { weight: 1, arbitrary: wildText },
);
const number = fc.oneof(
  fc.integer({ min: -5, max: 400 }),
  fc.double(),
  fc.constantFrom(-0, 0.1, 2 ** 53, -(2 ** 63), 1e300),
);
const scalar = fc.oneof(text, number, fc.boolean());

const conditionOf = (op: string, value: Arbitrary<unknown>) =>
  fc.record({ column, op: fc.constant(op), value });
const condition = fc.oneof(
  ...["eq", "ne"].map((op) => conditionOf(op, scalar)),
  ...["lt", "lte", "gt", "gte"].map((op) => conditionOf(op, fc.oneof(text, number))),
  conditionOf("in", fc.array(scalar, { minLength: 1, maxLength: 4 })),
  conditionOf("prefix", text),
  conditionOf("contains", text),
  conditionOf("empty", fc.boolean()),
);

export const sort = fc.record({ column, direction: fc.constantFrom("asc", "desc") });
export const filter = fc.array(condition, { maxLength: 3 });
export const limit = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(0, 200, 201, 1e21));

/** What a page of records may be asked for. */
export const recordQuery = fc.record(
  { datasetId: own, limit, sort, filter },
  { requiredKeys: ["datasetId", "filter"] },
);

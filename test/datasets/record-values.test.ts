import { describe, expect, it } from "@jest/globals";
import { toRecord } from "../../server/datasets/record-values.ts";

const columns = ["b", "__proto__", "constructor", "a.b", ""].map((name, index) => ({
  key: `c${index}`,
  name,
  type: "string" as const,
}));

describe("a record", () => {
  it("has every column under its name, null where the row has none", () => {
    const record = toRecord({ _id: 7, c: { c3: "y", c0: false } }, columns);

    expect(JSON.stringify(record)).toBe(
      '{"row":7,"values":{"b":false,"__proto__":null,"constructor":null,"a.b":"y","":null}}',
    );
  });

  it("keeps a column named __proto__ as an ordinary one", () => {
    const record = toRecord({ _id: 1, c: { c1: "x", c4: 0 } }, columns);

    expect(JSON.stringify(record.values)).toContain('"__proto__":"x"');
    expect(Object.keys(record.values)).toEqual(columns.map(({ name }) => name));
  });
});

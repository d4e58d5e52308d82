import { beforeAll, describe, expect, it } from "@jest/globals";
import type { DataRecord } from "../../protocol/datasets.ts";
import type { Page } from "../../protocol/pages.ts";
import type { TestClient } from "../support/client.ts";
import { expectProblem, pathsOf } from "./support/problem.ts";
import type { Query } from "./support/query-model.ts";
import { recordsPath } from "./support/query-walk.ts";
import { shareCluster } from "./support/shared-cluster.ts";

const cluster = shareCluster({ api: 1, workers: 1 });

const lines = [
  '{"text":"b","whole":1,"real":1.5,"flag":true,"mixed":1,"$where":"x","a.b":"x"}',
  '{"text":"a","whole":2,"real":2.5,"flag":false,"mixed":"x","$where":"y","a.b":"y"}',
  '{"text":"c","whole":3,"real":3.5,"flag":false,"mixed":[],"$where":"z","a.b":"z"}',
];

let ann: TestClient;
let json: string;
let dates: string;
beforeAll(async () => {
  ann = await cluster().signUp();
  const ndjson = await ann.upload(lines.join("\n"), { type: "application/x-ndjson" });
  const csv = await ann.upload("id,day\n1,2024-02-29\n2,2024-02-29T00:00Z\n3,2024-03-01\n");
  json = ndjson.body.dataset.id;
  dates = csv.body.dataset.id;
  for (const { body } of [ndjson, csv]) await ann.final(body.job.id);
});

const by = (column: unknown, op: unknown, value: unknown) => ({ filter: [{ column, op, value }] });
const ask = (datasetId: string, query: object, cursor: string | null = null, limit = 1) =>
  ann.call<Page<DataRecord>>(recordsPath(datasetId, query as Query, limit, cursor));

describe("a query of records is refused", () => {
  it.each<[string, object, string[]]>([
    ["a column that isn't there", { sort: { column: "no", direction: "asc" } }, ["sort.column"]],
    ["a column's key", by("c0", "eq", "a"), ["filter.0.column"]],
    ["an operator for a column", by("$expr", "eq", "a"), ["filter.0.column"]],
    ["a part of a column's name", by("a", "eq", "a"), ["filter.0.column"]],
    ["a name that every object has", by("constructor", "eq", "a"), ["filter.0.column"]],
    [
      "two columns that aren't there",
      { filter: [by("x", "eq", 1), by("y", "eq", 1)].flatMap((q) => q.filter) },
      ["filter.0.column", "filter.1.column"],
    ],
    ["an order by json", { sort: { column: "mixed", direction: "asc" } }, ["sort.column"]],
    ["a comparison with json", by("mixed", "eq", "x"), ["filter.0.op"]],
    ["booleans in an order", by("flag", "lt", "x"), ["filter.0.op"]],
    ["a prefix of numbers", by("whole", "prefix", "1"), ["filter.0.op"]],
    ["text within booleans", by("flag", "contains", "t"), ["filter.0.op"]],
    ["a number for text", by("text", "eq", 1), ["filter.0.value"]],
    ["text for a number", by("whole", "gte", "1"), ["filter.0.value"]],
    ["text for a boolean", by("flag", "eq", "true"), ["filter.0.value"]],
    ["one wrong value of many", by("whole", "in", [1, "2"]), ["filter.0.value"]],
    ["an operator for a value", by("text", "eq", { $ne: null }), ["filter.0.value"]],
    ["null for a value", by("text", "eq", null), ["filter.0.value"]],
    ["no value", { filter: [{ column: "text", op: "eq" }] }, ["filter.0.value"]],
    ["no values", by("text", "in", []), ["filter.0.value"]],
    ["101 values", by("whole", "in", Array(101).fill(1)), ["filter.0.value"]],
    ["an op that nobody knows", by("text", "regex", "a"), ["filter.0.op"]],
    ["an op of MongoDB", by("text", "$eq", "a"), ["filter.0.op"]],
    ["a text that is no emptiness", by("text", "empty", "true"), ["filter.0.value"]],
    ["a pattern of 1,001 characters", by("text", "contains", "a".repeat(1001)), ["filter.0.value"]],
    [
      "11 conditions",
      { filter: Array(11).fill({ column: "whole", op: "eq", value: 1 }) },
      ["filter"],
    ],
    [
      "a condition that isn't in a list",
      { filter: { column: "whole", op: "eq", value: 1 } },
      ["filter"],
    ],
    ["a key too many", { sort: { column: "text", direction: "asc", nulls: "last" } }, ["sort"]],
    ["a direction that isn't one", { sort: { column: "text", direction: 1 } }, ["sort.direction"]],
  ])("for %s", async (_what, query, paths) => {
    const problem = expectProblem(await ask(json, query), "validation_failed");

    expect(pathsOf(problem)).toEqual(paths);
  });

  it.each(["2024-02-30", "2024-02-29T25:00", "today", "2024-02-29 ", "29.02.2024"])(
    "for %p as a date",
    async (value) => {
      const problem = expectProblem(await ask(dates, by("day", "eq", value)), "validation_failed");

      expect(pathsOf(problem)).toEqual(["filter.0.value"]);
    },
  );

  it.each(["sort=text", "sort={", "filter=[{]", "sort={}&sort={}"])(
    "for what is no JSON: %s",
    async (query) => {
      const answer = await ann.call(`/api/v1/datasets/${json}/records?${query}`);

      expect(pathsOf(expectProblem(answer, "validation_failed"))).toEqual([query.split("=")[0]]);
    },
  );

  it("over the socket alike, and not at all where rejects are asked for", async () => {
    const socket = ann.socket();
    const refused = async (event: "records:list" | "rejects:list", query: object) => {
      const asked = ann.request(socket, event, { datasetId: json, ...query });
      const error = await asked.catch((thrown) => thrown);
      return [error.code, error.errors.map(({ path }: { path: string }) => path)];
    };

    const unknown = await refused("records:list", by("no", "eq", 1));
    const rejects = await refused("rejects:list", { sort: { column: "text", direction: "asc" } });

    expect(unknown).toEqual(["validation_failed", ["filter.0.column"]]);
    expect(rejects).toEqual(["validation_failed", [""]]);
  });
});

describe("a query of records takes", () => {
  const rowsOf = async (datasetId: string, query: object) =>
    (await ask(datasetId, query, null, 50)).body.items?.map(({ row }) => row);

  it("names that are operators and paths for what they are", async () => {
    expect(await rowsOf(json, by("$where", "eq", "y"))).toEqual([2]);
    expect(await rowsOf(json, by("a.b", "gte", "y"))).toEqual([2, 3]);
    expect(await rowsOf(json, { sort: { column: "a.b", direction: "desc" } })).toEqual([3, 2, 1]);
  });

  it("ten conditions of a hundred values each", async () => {
    const condition = {
      column: "whole",
      op: "in",
      value: Array.from({ length: 100 }, (_, i) => i),
    };
    const socket = ann.socket();

    const page = await ann.request(socket, "records:list", {
      datasetId: json,
      filter: Array(10).fill(condition),
    });

    expect(page.total).toEqual({ count: 3, exact: true });
  });

  it("any number where there are numbers, and no condition at all", async () => {
    expect(await rowsOf(json, by("whole", "lt", 2.5))).toEqual([1, 2]);
    expect(await rowsOf(json, by("whole", "eq", 1e300))).toEqual([]);
    expect(await rowsOf(json, { filter: [] })).toEqual([1, 2, 3]);
  });

  it("dates in any form of a file; a day comes before its first instant", async () => {
    const instant = "2024-02-29 02:00+02:00";

    expect(await rowsOf(dates, by("day", "eq", instant))).toEqual([2]);
    expect(await rowsOf(dates, by("day", "eq", "2024-02-29"))).toEqual([1]);
    expect(await rowsOf(dates, by("day", "gt", "2024-02-29"))).toEqual([2, 3]);
    expect(await rowsOf(dates, by("day", "lt", instant))).toEqual([1]);
    expect(await rowsOf(dates, by("day", "lt", "2024-03-01"))).toEqual([1, 2]);
  });
});

describe("the cursor of a query", () => {
  const queries = {
    plain: {},
    ascending: { sort: { column: "text", direction: "asc" } },
    descending: { sort: { column: "text", direction: "desc" } },
    "by another column": { sort: { column: "whole", direction: "asc" } },
    filtered: by("whole", "gte", 1),
    "filtered by another value": by("whole", "gte", 0),
    "sorted and filtered": { ...by("whole", "gte", 1), sort: { column: "text", direction: "asc" } },
  };
  const names = Object.keys(queries) as (keyof typeof queries)[];

  it.each(names)("%s goes with no other", async (name) => {
    const { next } = (await ask(json, queries[name])).body;

    for (const other of names) {
      const answer = await ask(json, queries[other], next, 2);

      if (other === name) expect(answer.body.items).toHaveLength(2);
      else expectProblem(answer, "cursor_invalid");
    }
  });

  it("is the same with the same question in another spelling", async () => {
    const { next } = (await ask(json, { sort: { direction: "asc", column: "text" } })).body;

    expect((await ask(json, queries.ascending, next)).status).toBe(200);
  });

  it("doesn't go with another dataset of the same form", async () => {
    const copy = await ann.upload(lines.join("\n"), { type: "application/x-ndjson" });
    await ann.final(copy.body.job.id);
    const { next } = (await ask(json, queries.ascending)).body;

    expectProblem(await ask(copy.body.dataset.id, queries.ascending, next), "cursor_invalid");
  });
});

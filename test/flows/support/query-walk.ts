import type { Column, DataRecord } from "../../../protocol/datasets.ts";
import type { Page } from "../../../protocol/pages.ts";
import type { RecordCondition } from "../../../protocol/record-queries.ts";
import type { TestClient } from "../../support/client.ts";
import { createCells } from "./query-data.ts";
import type { Query } from "./query-model.ts";
import type { Random } from "./random.ts";

export const recordsPath = (
  datasetId: string,
  query: Query,
  limit: number,
  cursor?: string | null,
) => {
  const params = new URLSearchParams({ limit: String(limit) });
  if (query.sort) params.set("sort", JSON.stringify(query.sort));
  if (query.filter) params.set("filter", JSON.stringify(query.filter));
  if (cursor) params.set("cursor", cursor);
  return `/api/v1/datasets/${datasetId}/records?${params}`;
};

/** Walks to the end, or for `most` pages, and back, each step of another size; gives both ways' rows and all pages. */
export async function walkBothWays(
  client: TestClient,
  datasetId: string,
  query: Query,
  nextLimit: () => number,
  most = Number.POSITIVE_INFINITY,
) {
  const pages: Page<DataRecord>[] = [];
  const read = async (cursor: string | null) => {
    const answer = await client.call<Page<DataRecord>>(
      recordsPath(datasetId, query, nextLimit(), cursor),
    );
    if (answer.status !== 200) throw new Error(JSON.stringify([query, answer.body]));
    pages.push(answer.body);
    return answer.body;
  };
  let page = await read(null);
  const forward = page.items.map(({ row }) => row);
  for (let i = 1; i < most && page.next !== null; i += 1) {
    page = await read(page.next);
    forward.push(...page.items.map(({ row }) => row));
  }
  const back = page.items.map(({ row }) => row);
  while (page.previous !== null) {
    page = await read(page.previous);
    back.unshift(...page.items.map(({ row }) => row));
  }
  return { forward, back, pages };
}

const ops = {
  string: ["eq", "ne", "lt", "lte", "gt", "gte", "in", "prefix", "contains", "empty"],
  integer: ["eq", "ne", "lt", "lte", "gt", "gte", "in", "empty"],
  number: ["eq", "ne", "lt", "lte", "gt", "gte", "in", "empty"],
  date: ["eq", "ne", "lt", "lte", "gt", "gte", "in", "empty"],
  boolean: ["eq", "ne", "in", "empty"],
  json: ["empty"],
} as const;

/** Makes queries over these columns, with every op that a type allows and values like those in the file. */
export function createQueries(random: Random, columns: Column[]) {
  const { below, pick, many } = random;
  const cells = createCells(random);
  const sortable = columns.filter(({ type }) => type !== "json");
  const makers = {
    string: cells.text,
    integer: cells.integer,
    number: cells.number,
    date: cells.date,
    boolean: cells.boolean,
    json: cells.text,
  };
  const condition = ({ name, type }: Column, op: string = pick(ops[type])): RecordCondition => {
    const make = makers[type];
    const value =
      op === "empty" ? below(2) === 0 : op === "in" ? many<unknown>(1 + below(4), make) : make();
    return { column: name, op, value } as RecordCondition;
  };
  const sort = () => ({ column: pick(sortable).name, direction: pick(["asc", "desc"] as const) });
  return {
    /** one query for each op of each column, some of them sorted */
    eachOp: (): Query[] =>
      columns.flatMap((column) =>
        ops[column.type].map((op) => ({
          filter: [condition(column, op)],
          ...(below(2) === 0 && { sort: sort() }),
        })),
      ),
    any: (): Query => ({
      ...(below(4) > 0 && { sort: sort() }),
      ...(below(3) > 0 && { filter: many(below(4), () => condition(pick(columns))) }),
    }),
  };
}

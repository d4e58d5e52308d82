import { beforeAll, describe, expect, it } from "@jest/globals";
import type { DataRecord } from "../../protocol/datasets.ts";
import type { Page } from "../../protocol/pages.ts";
import type { TestClient } from "../support/client.ts";
import { shareCluster } from "./support/shared-cluster.ts";

const cluster = shareCluster({ api: 1, workers: 1 });
const rows = 40;
const width = 60_000;
/** What goes over half a mebibyte is the last: nine rows of this width. */
const onPage = Math.floor((512 * 1024) / width) + 1;

let ann: TestClient;
let datasetId: string;
beforeAll(async () => {
  ann = await cluster().signUp();
  const lines = Array.from({ length: rows }, (_, i) => `${i + 1},${"x".repeat(width)}`);
  const { body } = await ann.upload(`id,wide\n${lines.join("\n")}\n`);
  datasetId = body.dataset.id;
  await ann.final(body.job.id);
});

const read = async (query: string) => {
  const path = `/api/v1/datasets/${datasetId}/records?limit=200${query}`;
  return (await ann.call<Page<DataRecord>>(path)).body;
};
const rowsOf = ({ items }: Page<DataRecord>) => items.map(({ row }) => row);
const inOrder = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe("pages of wide rows", () => {
  it.each([
    ["in row order", ""],
    ["sorted", `&sort=${encodeURIComponent('{"column":"id","direction":"asc"}')}`],
  ])("end early, and go on without a hole, %s", async (_what, sort) => {
    const seen: number[] = [];
    let page = await read(sort);
    const first = rowsOf(page);
    for (;;) {
      seen.push(...rowsOf(page));
      if (!page.next) break;
      page = await read(`${sort}&cursor=${page.next}`);
    }
    const before = await read(`${sort}&cursor=${page.previous}`);

    expect(first).toEqual(inOrder(1, onPage));
    expect(seen).toEqual(inOrder(1, rows));
    const at = rowsOf(page)[0] ?? 0;
    expect(rowsOf(before)).toEqual(inOrder(at - onPage, at - 1));
  });

  it("may be asked for all at once over a socket, which stays", async () => {
    const socket = ann.socket();
    const closes: string[] = [];
    socket.on("disconnect", (reason) => closes.push(reason));

    const pages = await Promise.all(
      Array.from({ length: 40 }, () =>
        ann.request(socket, "records:list", { datasetId, limit: 200 }, { timeout: 50 }),
      ),
    );

    expect(pages.every((page) => page.items.length === onPage)).toBe(true);
    expect(closes).toEqual([]);
  });
});

import { isDeepStrictEqual } from "node:util";
import { request } from "../../../client/request.ts";
import type { DataRecord } from "../../../protocol/datasets.ts";
import type { Page } from "../../../protocol/pages.ts";
import type { TestClient } from "../../support/client.ts";
import { orderOf } from "./orders-file.ts";
import type { Random } from "./random.ts";
import type { Rig } from "./rig.ts";
import { type Findings, noFindings } from "./trial.ts";

type Walk = {
  rig: Rig;
  ann: TestClient;
  datasetId: string;
  random: Random;
  /** resolves when more rows may be there, with true once no more will come */
  untilMore: () => Promise<boolean>;
};

/** Walks all pages of a dataset that grows meanwhile, each from any node, by HTTP or socket. */
export async function walk({ rig, ann, datasetId, random, untilMore }: Walk) {
  const found = noFindings();
  const rows: number[] = [];
  const cursors: string[] = [];
  const sockets = rig.nodes.map((_, i) => ann.socket(rig.url(i)));
  let cursor: string | undefined;
  let start = 0;
  let isWhole = false;

  async function ask(): Promise<Page<DataRecord>> {
    const node = random.between(0, rig.nodes.length - 1);
    const limit = random.pick([50, 137, 200]);
    const socket = sockets[node];
    if (random.next() < 0.5 && socket) {
      return request(socket, "records:list", { datasetId, limit, ...(cursor && { cursor }) });
    }
    const query = new URLSearchParams({ limit: String(limit), ...(cursor && { cursor }) });
    const path = `/api/v1/datasets/${datasetId}/records?${query}`;
    const { status, body } = await ann.call<Page<DataRecord>>(path, {}, rig.url(node));
    if (status !== 200) throw new Error(`a page got ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /** Asked for after the page, and never less than it was: what the page showed counts by now. */
  async function judgeEnd(last: number): Promise<void> {
    const { rows: count, rejected } = await ann.dataset(datasetId);
    if (last <= count + rejected) return;
    found.wrong.push(`row ${last} was shown when ${count + rejected} were in`);
  }

  for (;;) {
    const page = await ask();
    const from = rows.length;
    for (const { row, values } of page.items) {
      const last = rows.at(-1) ?? 0;
      if (row > last) rows.push(row);
      // A last page is asked for again as rows arrive: only what lies before it is a repeat.
      else if (row <= start) found.doubled.push(`row ${row} after ${last}`);
      if (!isDeepStrictEqual(values, orderOf(row))) found.wrong.push(`row ${row} has other values`);
    }
    if (!page.next) await judgeEnd(rows.at(-1) ?? 0);
    if (page.next) {
      start = page.items.at(-1)?.row ?? start;
      cursors.push(page.next);
      cursor = page.next;
    } else if (isWhole && rows.length === from) break;
    else isWhole = await untilMore();
  }
  for (const socket of sockets) socket.disconnect();
  return { rows, cursors, found };
}

/** The rows of a walk against those that were there throughout, and all that may have been. */
export function judgeWalk(
  rows: readonly number[],
  good: ReadonlySet<number>,
  sent: ReadonlySet<number> = good,
): Findings {
  const found = noFindings();
  const seen = new Set(rows);
  for (const row of good) if (!seen.has(row)) found.lost.push(`row ${row} was never shown`);
  for (const row of seen) if (!sent.has(row)) found.wrong.push(`row ${row} was never sent`);
  return found;
}

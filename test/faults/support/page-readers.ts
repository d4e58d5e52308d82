import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { DataRecord } from "../../../protocol/datasets.ts";
import type { Page } from "../../../protocol/pages.ts";
import type { OrdersFile } from "./orders-file.ts";
import { orderOf } from "./orders-file.ts";
import type { Random } from "./random.ts";
import type { ReferenceImport } from "./reference-import.ts";
import type { Rig } from "./rig.ts";
import { type Findings, noFindings } from "./trial.ts";

const pauseMs = 20;

/** A page that was asked for, and what came. */
export type PageRead = {
  /** the row that it goes on after */
  after: number;
  limit: number;
  begunAt: number;
  endedAt: number;
  page: Page<DataRecord> | null;
  /** `a page`, an error's code, or what became of a call without an answer */
  said: string;
};

type Options = { rig: Rig; given: ReferenceImport; readers: number; random: Random };

/** Readers that page through a dataset, from any node and over again from its start, until stopped. */
export function startReading({ rig, given, readers, random }: Options) {
  const reads: PageRead[] = [];
  let isOver = false;

  async function read(after: number, cursor: string | null): Promise<PageRead> {
    const limit = random.pick([50, 137, 200]);
    const query = new URLSearchParams({ limit: String(limit), ...(cursor && { cursor }) });
    const path = `/api/v1/datasets/${given.dataset.id}/records?${query}`;
    const at = rig.url(random.between(0, rig.nodes.length - 1));
    const begunAt = Date.now();
    const answer = await given.ann.call<Page<DataRecord>>(path, {}, at).catch(() => null);
    const problem = answer?.body as { code?: string } | undefined;
    const page = answer?.status === 200 ? answer.body : null;
    const said = page ? "a page" : (problem?.code ?? `status ${answer?.status}`);
    const done = { after, limit, begunAt, endedAt: Date.now(), page, said };
    reads.push(done);
    return done;
  }

  async function go(): Promise<void> {
    let after = 0;
    let cursor: string | null = null;
    while (!isOver) {
      const { page } = await read(after, cursor);
      if (page) {
        cursor = page.next;
        after = cursor ? (page.items.at(-1)?.row ?? after) : 0;
      }
      await pause(pauseMs);
    }
  }
  const going = Promise.all(Array.from({ length: readers }, go));

  return {
    async stop(): Promise<PageRead[]> {
      isOver = true;
      await going;
      return reads;
    },
  };
}

/** Each page holds exactly the rows that come next, up to the count that it names; else `unavailable`. */
export function judgePages(reads: readonly PageRead[], file: OrdersFile): Findings {
  const found = noFindings();
  const rejected = new Set(file.rejects.map(({ row }) => row));
  const good = Array.from({ length: file.rows }, (_, i) => i + 1).filter((r) => !rejected.has(r));
  const places = new Map(good.map((row, i) => [row, i + 1]));
  for (const { after, limit, page, said } of reads) {
    if (!page) {
      if (said !== "unavailable") found.wrong.push(`a page got ${said}`);
      continue;
    }
    const start = places.get(after) ?? 0;
    const end = Math.min(start + limit, page.total.count);
    const rows = page.items.map(({ row }) => row);
    if (!isDeepStrictEqual(rows, good.slice(start, end))) {
      found.wrong.push(`after row ${after}: ${rows.length} rows, not ${end - start}, or others`);
    }
    const isLast = start + rows.length >= page.total.count;
    if ((page.next === null) !== isLast) found.wrong.push(`after row ${after}: no right end`);
    for (const { row, values } of page.items) {
      if (!isDeepStrictEqual(values, orderOf(row))) found.wrong.push(`row ${row} has other values`);
    }
  }
  return found;
}

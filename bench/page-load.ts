import { setTimeout as pause } from "node:timers/promises";
import { pace } from "./pace.ts";
import { pageRows } from "./pages.ts";
import { quantile } from "./pairs.ts";
import type { Rig } from "./rig.ts";

const sockets = 10;
/** Seconds; a page that takes this long ends the bench. */
const timeout = 60;
/** Rows between two of the places at which pages begin. */
const strideRows = 200;

/** Milliseconds from the moment a page was due to its answer. */
export type PageTimes = { p50: number; p95: number; p99: number };

/**
 * Reads pages of a dataset over ten sockets by the clock: every second one is the first page, again and again,
 * the others begin at a place of their own and have a length of their own each time round, so that none of
 * those is cached.
 */
export async function startPageLoad({ client }: Rig, datasetId: string) {
  const readers = Array.from({ length: sockets }, () => client.socket());
  const cursors: string[] = [];
  let asked = 0;
  let anew = 0;

  function ask(question: { limit: number; cursor?: string }) {
    const reader = readers[asked++ % sockets];
    if (!reader) throw new Error("nobody reads");
    return client.request(reader, "records:list", { datasetId, ...question }, { timeout });
  }

  /** 50 rows, then 51, 49, 52, … */
  function ownPage() {
    const round = Math.floor(anew / cursors.length);
    const more = (round % 2 === 1 ? 1 : -1) * Math.ceil(round / 2);
    return { cursor: cursors[anew++ % cursors.length] ?? "", limit: pageRows + more };
  }

  async function read(index: number): Promise<void> {
    const question = index % 2 === 1 ? ownPage() : { limit: pageRows };
    const { items } = await ask(question);
    if (items.length !== question.limit) throw new Error("a page has too few rows");
  }

  for (let cursor: string | null = null; ; ) {
    const { next }: { next: string | null } = await ask({
      limit: strideRows,
      ...(cursor && { cursor }),
    });
    if (!next) break;
    cursors.push(next);
    cursor = next;
    // Below the rate of a user.
    await pause(10);
  }

  return {
    async read(perSecond: number, count: number): Promise<PageTimes> {
      const times: number[] = [];
      await pace(perSecond, count, async (index, dueAt) => {
        await read(index);
        times.push(performance.now() - dueAt);
      });
      const of = (share: number) => quantile(times, share);
      return { p50: of(0.5), p95: of(0.95), p99: of(0.99) };
    },
    close(): void {
      for (const reader of readers) reader.disconnect();
    },
  };
}

export type PageLoad = Awaited<ReturnType<typeof startPageLoad>>;

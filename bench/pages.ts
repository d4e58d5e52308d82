import type { DataRecord } from "../protocol/datasets.ts";
import type { Page } from "../protocol/pages.ts";
import type { RecordSort } from "../protocol/record-queries.ts";
import type { Rig } from "./rig.ts";

export const pageRows = 50;
/** How far a page is looked for in one step. */
const strideRows = 150;

type Cursor = string | null;

/** What is read: the rows in their own order, or sorted, with the row that stands at a place (from 0 on). */
type Question = { sort?: RecordSort; rowAt: (place: number) => number };

const inRowOrder: Question = { rowAt: (place) => place + 1 };

/** Reads a dataset page by page over a socket of its own, and refuses a page that isn't the right one. */
export function createReader({ client }: Rig, datasetId: string, question: Question = inRowOrder) {
  const socket = client.socket();
  const { sort, rowAt } = question;

  const ask = (limit: number, cursor: Cursor): Promise<Page<DataRecord>> =>
    client.request(socket, "records:list", {
      datasetId,
      limit,
      ...(sort && { sort }),
      ...(cursor && { cursor }),
    });

  async function read(page: number, cursor: Cursor): Promise<Cursor> {
    const { items, next } = await ask(pageRows, cursor);
    const isRight = items.length === pageRows && items[0]?.row === rowAt((page - 1) * pageRows);
    if (!isRight) throw new Error(`page ${page} isn't what it should be`);
    return next;
  }

  return {
    read,

    /** The cursor of a page (from 1 on), reached by pages of other sizes, so that none is cached. */
    async find(page: number): Promise<Cursor> {
      let left = (page - 1) * pageRows;
      let cursor: Cursor = null;
      while (left > 0) {
        cursor = (await ask(Math.min(left, strideRows), cursor)).next;
        left -= strideRows;
      }
      return cursor;
    },

    /** Gives what reads on, so many pages each time and none of them twice, with the ms of each page. */
    walk(page: number, cursor: Cursor, pages: number) {
      return async (): Promise<number[]> => {
        const times: number[] = [];
        for (let i = 0; i < pages; i++) {
          const asked = performance.now();
          cursor = await read(page, cursor);
          times.push(performance.now() - asked);
          page += 1;
        }
        return times;
      };
    },

    close: () => socket.disconnect(),
  };
}

import type { Page } from "../../../protocol/pages.ts";

export const pageSize = 50;

const most = 20;

/** More items may still turn up on this page, or a next one after it. */
export const isOpenEnded = ({ items, next }: Page<unknown>) =>
  items.length < pageSize || next === null;

/** Full pages never change (rows only arrive at the end), so none is asked for twice. */
export const createPageCache = <T>() => {
  const pages = new Map<string | null, Page<T>>();
  return {
    find: (cursor: string | null) => pages.get(cursor),
    put(cursor: string | null, page: Page<T>) {
      if (isOpenEnded(page)) return;
      pages.delete(cursor);
      pages.set(cursor, page);
      const [oldest] = pages.keys();
      if (pages.size > most && oldest !== undefined) pages.delete(oldest);
    },
  };
};

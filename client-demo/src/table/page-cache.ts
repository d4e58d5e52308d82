import type { Page } from "../../../protocol/pages.ts";

export const pageSize = 50;

const most = 20;

/** More items may still turn up on this page, or a next one after it. */
export const isOpenEnded = ({ items, next }: Page<unknown>) =>
  items.length < pageSize || next === null;

/** Pages that will not change, so that none is asked for twice; the key names question and cursor. */
export const createPageCache = <T>() => {
  const pages = new Map<string, Page<T>>();
  return {
    find: (key: string) => pages.get(key),
    put(key: string, page: Page<T>) {
      pages.delete(key);
      pages.set(key, page);
      const [oldest] = pages.keys();
      if (pages.size > most && oldest !== undefined) pages.delete(oldest);
    },
  };
};

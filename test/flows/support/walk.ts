import type { Page } from "../../../protocol/pages.ts";

export type ReadPage<Item> = (cursor: string | null) => Promise<Page<Item>>;

/** All pages from the first on, by their `next`. */
export async function walkForward<Item>(read: ReadPage<Item>): Promise<Page<Item>[]> {
  const pages: Page<Item>[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Page<Item> = await read(cursor);
    pages.push(page);
    cursor = page.next;
    if (cursor === null) return pages;
  }
}

/** All pages from the one given back to the first, in the order of the list. */
export async function walkBack<Item>(read: ReadPage<Item>, last: Page<Item>) {
  const pages = [last];
  for (let cursor = last.previous; cursor !== null; ) {
    const page: Page<Item> = await read(cursor);
    pages.unshift(page);
    cursor = page.previous;
  }
  return pages;
}

export const itemsOf = <Item>(pages: Page<Item>[]): Item[] => pages.flatMap(({ items }) => items);

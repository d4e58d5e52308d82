import { defaultPageSize, type Page } from "../../protocol/pages.ts";
import type { CursorPosition, Cursors } from "./cursor.ts";

/** How a list is read by position: `fetch` gives up to `count` items beyond `from`, nearest first. */
export type Keyset<Item> = {
  /** who asks and what for; a cursor is good for one scope only */
  scope: string;
  fetch: (from: CursorPosition | null, isForward: boolean, count: number) => Promise<Item[]>;
  positionOf: (item: Item) => CursorPosition;
};

type Request = { limit?: number | undefined; cursor?: string | undefined };

/** Reads one page: as many items as asked and one more, to know whether the list goes on. */
export async function readKeyset<Item>(
  cursors: Cursors,
  keyset: Keyset<Item>,
  { limit = defaultPageSize, cursor }: Request,
): Promise<Pick<Page<Item>, "items" | "next" | "previous">> {
  const at = cursor === undefined ? null : cursors.decode(keyset.scope, cursor);
  const isForward = at?.direction !== "previous";
  const found = await keyset.fetch(at?.position ?? null, isForward, limit + 1);
  const goesOn = found.length > limit;
  const items = found.slice(0, limit);
  if (!isForward) items.reverse();
  const first = items[0];
  const last = items.at(-1);
  const hasNext = isForward ? goesOn : true;
  const hasPrevious = isForward ? at !== null : goesOn;
  return {
    items,
    next: hasNext && last ? cursors.encode(keyset.scope, "next", keyset.positionOf(last)) : null,
    previous:
      hasPrevious && first
        ? cursors.encode(keyset.scope, "previous", keyset.positionOf(first))
        : null,
  };
}

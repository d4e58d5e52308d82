import { defaultPageSize, type Page } from "../../protocol/pages.ts";
import type { CursorPosition, Cursors } from "./cursor.ts";
import type { Stretch } from "./stretch.ts";

/** How a list is read by position: `fetch` gives up to `most` items beyond `from`, nearest first. */
export type Keyset<Item> = {
  /** who asks and what for; a cursor is good for one scope only */
  scope: string;
  fetch: (from: CursorPosition | null, isForward: boolean, most: number) => Promise<Stretch<Item>>;
  positionOf: (item: Item) => CursorPosition;
};

type Request = { limit?: number | undefined; cursor?: string | undefined };

/** Reads one page: as many items as asked, or fewer where they are large. */
export async function readKeyset<Item>(
  cursors: Cursors,
  keyset: Keyset<Item>,
  { limit = defaultPageSize, cursor }: Request,
): Promise<Pick<Page<Item>, "items" | "next" | "previous">> {
  const at = cursor === undefined ? null : cursors.decode(keyset.scope, cursor);
  const isForward = at?.direction !== "previous";
  const { items, goesOn } = await keyset.fetch(at?.position ?? null, isForward, limit);
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

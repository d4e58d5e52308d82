import { BSON, type FindCursor } from "mongodb";

/** A row may be a mebibyte, and a page two hundred of them. */
const mostBytes = 512 * 1024;

/** What was found beyond a position, and whether it goes on. */
export type Stretch<Item> = { items: Item[]; goesOn: boolean };

/** How a page is filled: `most` items, or fewer once they are over half a mebibyte. */
type Filling<Found, Item> = {
  most: number;
  toItem: (found: Found) => Item;
  /** bytes that an item has beside what is stored, such as its columns' names */
  moreBytes?: number;
};

/** Reads no more than is wanted; `cursor` has to find one item more, to tell whether there are. */
export async function readStretch<Found extends object, Item>(
  cursor: FindCursor<Found>,
  filling: Filling<Found, Item>,
): Promise<Stretch<Item>> {
  const { stretch, add } = createFilling(filling);
  while (await cursor.hasNext()) {
    for (const found of cursor.readBufferedDocuments()) {
      if (add(found)) continue;
      await cursor.close();
      return stretch;
    }
  }
  return stretch;
}

/** As `readStretch`, from what was read. */
export function cutStretch<Found extends object>(all: Found[], most: number): Stretch<Found> {
  const { stretch, add } = createFilling({ most, toItem: (found: Found) => found });
  for (const found of all) if (!add(found)) break;
  return stretch;
}

function createFilling<Found extends object, Item>(filling: Filling<Found, Item>) {
  const { most, toItem, moreBytes = 0 } = filling;
  const stretch: Stretch<Item> = { items: [], goesOn: false };
  let bytes = 0;

  /** False once it is full, and goes on. */
  function add(found: Found): boolean {
    stretch.goesOn = stretch.items.length >= most || bytes > mostBytes;
    if (stretch.goesOn) return false;
    bytes += BSON.calculateObjectSize(found) + moreBytes;
    stretch.items.push(toItem(found));
    return true;
  }

  return { stretch, add };
}

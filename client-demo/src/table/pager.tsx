import { useEffect, useRef } from "react";
import { formatCount, formatCounted } from "../format.ts";
import { goTo, type Place } from "../place/place.ts";
import { pageSize } from "./page-cache.ts";
import type { Shown } from "./use-page.ts";

type Props = { shown: Shown<unknown>; noun: string; fresh: number; onCatchUp: () => void };

/** Where you are, and the ways from here; Page Up and Page Down do the same as the buttons. */
export const Pager = ({ shown, noun, fresh, onCatchUp }: Props) => {
  const ways = useWays(shown);
  usePageKeys(ways);
  return (
    <footer className="pager">
      <p className="pager-where" aria-live="off">
        {describeWhere(shown, noun)}
      </p>
      {fresh > 0 && (
        <button type="button" className="button-small button-fresh" onClick={onCatchUp}>
          {shown.place.filter.length > 0 && "Check "}
          {formatCounted(fresh, `new ${noun}`)}
        </button>
      )}
      <div className="row">
        <Way name="First" go={ways.first} />
        <Way name="Previous" go={ways.previous} />
        <Way name="Next" go={ways.next} />
      </div>
    </footer>
  );
};

const describeWhere = ({ page, place, count }: Shown<unknown>, noun: string) => {
  if (page.items.length === 0) return `no ${noun}s`;
  const to = place.from + page.items.length - 1;
  // Of a filtered page only the server knows how many there are.
  const { exact, count: found } = page.total;
  const total = `${exact ? "" : "at least "}${formatCount(place.filter.length > 0 ? found : count)}`;
  return `${noun}s ${formatCount(place.from)}-${formatCount(to)} of ${total}`;
};

type Go = (() => void) | null;
type Ways = { first: Go; previous: Go; next: Go };

const useWays = ({ page, place }: Shown<unknown>): Ways => {
  // Going back by the cursor one came by finds the page that is still here.
  const trail = useRef(new Map<number, string | null>());
  const { from, cursor } = place;
  const to = (next: Partial<Place>) => () => goTo({ ...place, ...next });
  const before = Math.max(1, from - pageSize);
  const known = before === 1 ? null : trail.current.get(before);
  return {
    first: cursor === null ? null : to({ cursor: null, from: 1 }),
    previous:
      cursor === null || (page.previous === null && known === undefined)
        ? null
        : to({ cursor: known === undefined ? page.previous : known, from: before }),
    next:
      page.next === null
        ? null
        : () => {
            trail.current.set(from, cursor);
            goTo({ ...place, cursor: page.next, from: from + page.items.length });
          },
  };
};

/** Stays focusable at the end of the way, so that the focus isn't lost there. */
const Way = ({ name, go }: { name: string; go: Go }) => (
  <button type="button" aria-disabled={go ? undefined : true} onClick={() => go?.()}>
    {name}
  </button>
);

const usePageKeys = (ways: Ways) => {
  const newest = useRef(ways);
  newest.current = ways;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const go = { PageDown: newest.current.next, PageUp: newest.current.previous }[event.key];
      const isElsewhere =
        event.target instanceof Element && event.target.closest("input, select, dialog, [popover]");
      if (!go || isElsewhere || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      go();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
};

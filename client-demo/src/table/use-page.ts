import { useCallback, useEffect, useRef, useState } from "react";
import { RequestError } from "../../../client/request.ts";
import type { Page } from "../../../protocol/pages.ts";
import { oncePerSecond } from "../catalog/once-per-second.ts";
import { goTo, type Place } from "../place/place.ts";
import { explain } from "../ui/explain.ts";
import { complain } from "../ui/notices.tsx";
import { createPageCache, isOpenEnded } from "./page-cache.ts";

/** A page with the place it was asked for; `count` is how many items the reader has been told of. */
export type Shown<T> = { page: Page<T>; place: Place; count: number };

type Result<T> = {
  shown: Shown<T> | null;
  error: string | null;
  isLoading: boolean;
  refresh: () => void;
  /** tells the reader of the items that came since; a full page needs no new answer for it */
  catchUp: () => void;
};

/**
 * The page at this place. What is shown stays until the next page is there; a page with room left is
 * asked for again as `count` grows, a full one stays as it is; its total waits while `isGrowing`.
 */
export const usePage = <T>(
  load: (cursor: string | null) => Promise<Page<T>>,
  place: Place,
  count: number,
  isGrowing: boolean,
): Result<T> => {
  const [shown, setShown] = useState<Shown<T> | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [cache] = useState(() => createPageCache<T>());
  const newest = useRef({ load, place, count, question: 0 });
  newest.current = { ...newest.current, load, place, count };

  const ask = useCallback(async () => {
    const { load, place, count } = newest.current;
    const question = ++newest.current.question;
    const isLatest = () => question === newest.current.question;
    try {
      const page = await load(place.cursor);
      cache.put(place.cursor, page);
      if (!isLatest()) return;
      setShown({ page, place, count: Math.max(count, page.total.count) });
      setError(null);
    } catch (failure) {
      if (!isLatest()) return;
      if (leaveDeadCursor(failure, place)) return;
      setError(explain(failure));
    }
  }, [cache]);
  const [refresh] = useState(() => oncePerSecond(ask));

  useEffect(() => {
    setError(null);
    const page = cache.find(place.cursor);
    if (!page) return void ask();
    newest.current.question++;
    setShown({ page, place, count: newest.current.count });
  }, [place, ask, cache]);

  const catchUp = () =>
    setShown((now) => now && { ...now, count: Math.max(now.count, newest.current.count) });

  const isBehind = shown !== null && count > shown.count;
  const isOpen = shown !== null && isOpenEnded(shown.page);
  useEffect(() => {
    if (!isBehind || count < 0) return;
    if (isOpen) refresh();
    else if (!isGrowing) setShown((now) => now && { ...now, count });
  }, [isBehind, isOpen, isGrowing, count, refresh]);

  const isLoading = error === null && shown?.place !== place;
  return { shown, error, isLoading, refresh, catchUp };
};

/** An old link's cursor may no longer be good: the first page is a better answer than an error. */
const leaveDeadCursor = (failure: unknown, place: Place) => {
  const isDead = failure instanceof RequestError && failure.code === "cursor_invalid";
  if (!isDead || place.cursor === null) return false;
  complain("That page's address is no longer valid: here is the first page.");
  goTo({ ...place, cursor: null, from: 1 });
  return true;
};

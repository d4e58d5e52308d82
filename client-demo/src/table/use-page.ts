import { useCallback, useEffect, useRef, useState } from "react";
import { RequestError } from "../../../client/request.ts";
import type { Page } from "../../../protocol/pages.ts";
import { oncePerSecond } from "../catalog/once-per-second.ts";
import { goTo, type Place } from "../place/place.ts";
import { keyOfQuestion } from "../place/question.ts";
import { complain } from "../ui/notices.tsx";
import { createPageCache, isOpenEnded } from "./page-cache.ts";

/** A page with the place it was asked for; `count` is how many items the reader has been told of. */
export type Shown<T> = { page: Page<T>; place: Place; count: number };

export type PageRequest<T> = {
  load: (place: Place) => Promise<Page<T>>;
  place: Place;
  /** how many items there are by now, filtered out ones included */
  count: number;
  /** of the dataset; a page may be of an older one */
  version: number;
  /**
   * How items change. `append`: they arrive at the end, so full pages stay as they are. Else anywhere:
   * with `offer` the reader says when to look again, with `follow` that happens by itself.
   */
  mode: "append" | "offer" | "follow";
  /** more are on the way */
  isGrowing: boolean;
};

export type PageResult<T> = {
  shown: Shown<T> | null;
  /** why there is no answer for this place */
  failure: unknown;
  isLoading: boolean;
  /** items that arrived and wait until the reader wants to see them */
  fresh: number;
  again: () => void;
  /** shows them, or tells of them where a full page needs no new answer */
  catchUp: () => void;
};

/** The page at this place; what is shown stays until the next page is there. */
export const usePage = <T>(request: PageRequest<T>): PageResult<T> => {
  const { place, count, mode, isGrowing } = request;
  const [shown, setShown] = useState<Shown<T> | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [cache] = useState(() => createPageCache<T>());
  const newest = useRef({ ...request, question: 0 });
  newest.current = { ...request, question: newest.current.question };

  const ask = useCallback(async () => {
    const asked = newest.current;
    const question = ++newest.current.question;
    const isLatest = () => question === newest.current.question;
    try {
      const page = await asked.load(asked.place);
      if (asked.mode !== "append" || !isOpenEnded(page)) cache.put(keyOf(asked), page);
      if (!isLatest()) return;
      const { count } = newest.current;
      // A filtered page doesn't tell how many rows there are in all.
      const told = asked.mode === "append" ? Math.max(count, page.total.count) : count;
      setShown({ page, place: asked.place, count: told });
      setFailure(null);
    } catch (failure) {
      if (isLatest() && !leaveDeadCursor(failure, asked.place)) setFailure(failure);
    }
  }, [cache]);
  const [refresh] = useState(() => oncePerSecond(ask));

  useEffect(() => {
    setFailure(null);
    const page = cache.find(keyOf({ ...newest.current, place }));
    if (!page) return void ask();
    newest.current.question++;
    setShown({ page, place, count: newest.current.count });
  }, [place, ask, cache]);

  const isAppend = mode === "append";
  const isBehind =
    shown !== null && (mode === "follow" ? count !== shown.count : count > shown.count);
  const isFree = shown !== null && canBeReplaced(shown.page, mode);
  useEffect(() => {
    if (!isBehind || count < 0) return;
    if (isFree) refresh();
    else if (isAppend && !isGrowing) setShown((now) => now && { ...now, count });
  }, [isBehind, isFree, isAppend, isGrowing, count, refresh]);

  const catchUp = () => {
    if (!isAppend) return void ask();
    setShown((now) => now && { ...now, count: Math.max(now.count, newest.current.count) });
  };
  const isLoading = failure === null && shown?.place !== place;
  const fresh = isBehind && !isFree ? count - shown.count : 0;
  return { shown, failure, isLoading, fresh, again: () => void ask(), catchUp };
};

/** Whether another answer takes nothing away from under the reader's eyes. */
const canBeReplaced = (page: Page<unknown>, mode: PageRequest<unknown>["mode"]) => {
  if (mode === "offer") return page.items.length === 0;
  return mode === "follow" || isOpenEnded(page);
};

const keyOf = ({
  place,
  mode,
  version,
}: Pick<PageRequest<unknown>, "place" | "mode" | "version">) =>
  [keyOfQuestion(place), mode === "append" ? "" : version, place.cursor ?? ""].join("\n");

/** An old link's cursor may no longer be good: the first page is a better answer than an error. */
const leaveDeadCursor = (failure: unknown, place: Place) => {
  const isDead = failure instanceof RequestError && failure.code === "cursor_invalid";
  if (!isDead || place.cursor === null) return false;
  complain("That page's address is no longer valid: here is the first page.");
  goTo({ ...place, cursor: null, from: 1 });
  return true;
};

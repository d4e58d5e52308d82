import { type ReactNode, useEffect, useRef } from "react";
import { useLate } from "../ui/use-late.ts";
import { Pager } from "./pager.tsx";
import type { Shown } from "./use-page.ts";
import { useViewport, type Viewport } from "./viewport.ts";

type Props = {
  label: string;
  /** one of what the table holds: "row", "reject" */
  noun: string;
  result: {
    shown: Shown<unknown> | null;
    error: string | null;
    isLoading: boolean;
    refresh: () => void;
    catchUp: () => void;
  };
  count: number;
  empty: string;
  children: (viewport: Viewport) => ReactNode;
};

/** A table that scrolls inside its own frame, with its pager; and what stands there instead. */
export const Frame = ({ label, noun, result, count, empty, children }: Props) => {
  const { shown, error, isLoading, refresh, catchUp } = result;
  const isLate = useLate(isLoading);
  const ref = useRef<HTMLElement>(null);
  const cursor = shown?.place.cursor;
  useEffect(() => {
    if (cursor !== undefined) ref.current?.scrollTo({ top: 0 });
  }, [cursor]);

  useEffect(() => {
    // What scrolls must be reachable by keyboard, also where nothing in it takes the focus.
    if (ref.current) ref.current.tabIndex = 0;
  });

  const viewport = useViewport(ref, shown !== null && shown.page.items.length > 0);
  const isFull = shown !== null && shown.page.next !== null;
  return (
    <>
      {error && (
        <p className="banner banner-bad" role="alert">
          {error}{" "}
          <button type="button" className="button-small" onClick={refresh}>
            Try again
          </button>
        </p>
      )}
      {!shown && isLate && <div className="skeleton skeleton-stage" aria-hidden="true" />}
      {shown && shown.page.items.length === 0 && <p className="stage-empty quiet">{empty}</p>}
      {shown && shown.page.items.length > 0 && (
        <section
          ref={ref}
          className={isLate ? "frame frame-late" : "frame"}
          aria-label={label}
          aria-busy={isLate}
        >
          {children(viewport)}
        </section>
      )}
      {shown && (shown.page.items.length > 0 || shown.place.cursor !== null) && (
        <Pager
          shown={shown}
          noun={noun}
          fresh={isFull ? Math.max(0, count - shown.count) : 0}
          onCatchUp={catchUp}
        />
      )}
    </>
  );
};

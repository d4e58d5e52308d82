import { type ReactNode, useEffect, useRef } from "react";
import type { Place } from "../place/place.ts";
import { keyOfQuestion } from "../place/question.ts";
import { useLate } from "../ui/use-late.ts";
import { Pager } from "./pager.tsx";
import { Trouble } from "./trouble.tsx";
import type { PageResult } from "./use-page.ts";
import { useViewport, type Viewport } from "./viewport.ts";

type Props = {
  label: string;
  /** one of what the table holds: "row", "reject" */
  noun: string;
  place: Place;
  result: PageResult<unknown>;
  empty: ReactNode;
  children: (viewport: Viewport) => ReactNode;
};

/** A table that scrolls inside its own frame, with its pager; and what stands there instead. */
export const Frame = ({ label, noun, place, result, empty, children }: Props) => {
  const { shown, failure, isLoading, fresh, again, catchUp } = result;
  const isLate = useLate(isLoading);
  const ref = useRef<HTMLElement>(null);
  const where = shown && `${keyOfQuestion(shown.place)}${shown.place.cursor}`;
  useEffect(() => {
    if (where !== null) ref.current?.scrollTo({ top: 0 });
  }, [where]);

  useEffect(() => {
    // What scrolls must be reachable by keyboard, also where nothing in it takes the focus.
    if (ref.current) ref.current.tabIndex = 0;
  });

  const isFilled = shown !== null && shown.page.items.length > 0;
  const viewport = useViewport(ref, isFilled);
  // Rows of another question than the one asked are kept in sight, but can't be taken for its answer.
  const isStale = isLate || (failure !== null && shown?.place !== place);
  return (
    <>
      <Trouble failure={failure} place={place} onAgain={again} />
      {!shown && isLate && <div className="skeleton skeleton-stage" aria-hidden="true" />}
      {shown && !isFilled && !isStale && <div className="stage-empty quiet">{empty}</div>}
      {isFilled && (
        <section
          ref={ref}
          className={isStale ? "frame frame-late" : "frame"}
          aria-label={label}
          aria-busy={isStale}
        >
          {children(viewport)}
        </section>
      )}
      {shown && (isFilled || shown.place.cursor !== null) && (
        <Pager shown={shown} noun={noun} fresh={fresh} onCatchUp={catchUp} />
      )}
    </>
  );
};

import { useEffect, useRef, useState } from "react";
import type { Followed } from "../../../client/follow.ts";
import type { Job } from "../../../protocol/jobs.ts";
import { isFinished } from "../import/progress.ts";
import { askFor, type Place } from "../place/place.ts";
import { useWorkbench } from "../workbench.tsx";

type Props = { jobId: string; place: Place; onEnd: () => void };

/** The first question of its kind to a large dataset waits for an index; the rows come by themselves. */
export const Preparing = ({ jobId, place, onEnd }: Props) => {
  const job = useJob(jobId, onEnd);
  const isFailed = job?.state === "failed";
  const what = describeWhat(place);
  return (
    <div className="banner banner-ways" role="status">
      <p>
        {isFailed ? `Preparing to ${what} failed.` : `Preparing to ${what}…`}{" "}
        <span className="quiet">
          {isFailed
            ? job.error?.message
            : "Only the first time; the rows come as soon as it is done."}
        </span>
      </p>
      {isFailed && (
        <button type="button" className="button-small" onClick={onEnd}>
          Try again
        </button>
      )}
      <button
        type="button"
        className="button-small"
        onClick={() => askFor(place, { sort: null, filter: [] })}
      >
        Show all rows instead
      </button>
    </div>
  );
};

const describeWhat = ({ sort, filter }: Place) => {
  const columns = [...new Set(filter.map(({ column }) => column))].join(" and ");
  if (!sort) return `filter by ${columns}`;
  return `sort by ${sort.column}${columns && ` and filter by ${columns}`}`;
};

/** An answer may still be the old one; ms until the next try. */
const betweenTries = 2_000;

/** Follows a job; `onEnd` is called when it is done or can't be followed, and until this goes away. */
const useJob = (jobId: string, onEnd: () => void): Job | null => {
  const { live } = useWorkbench();
  const [job, setJob] = useState<Job | null>(null);
  const [isOver, setIsOver] = useState(false);
  const newest = useRef(onEnd);
  newest.current = onEnd;
  useEffect(() => {
    const controller = new AbortController();
    const onItem = (item: Followed) => {
      if (item.kind === "recovered") return;
      const told = (item.kind === "snapshot" ? item.snapshot : item.event.data) as Job;
      setJob(told);
      if (isFinished(told) && told.state !== "failed") setIsOver(true);
    };
    live.watch(`job:${jobId}`, controller.signal, onItem, () => setIsOver(true));
    return () => controller.abort();
  }, [jobId, live]);
  useEffect(() => {
    if (!isOver) return;
    newest.current();
    const timer = setInterval(() => newest.current(), betweenTries);
    return () => clearInterval(timer);
  }, [isOver]);
  return job;
};

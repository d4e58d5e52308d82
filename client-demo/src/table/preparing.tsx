import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Followed } from "../../../client/follow.ts";
import type { Job } from "../../../protocol/jobs.ts";
import { isFinished } from "../import/progress.ts";
import { useWorkbench } from "../workbench.tsx";

type Props = {
  jobId: string;
  /** as in "Preparing to …" */
  what: string;
  /** what comes by itself once it is done */
  next: string;
  onEnd: () => void;
  /** another way than to wait */
  children?: ReactNode;
};

/** The first question of its kind to a large dataset waits for an index; its answer comes by itself. */
export const Preparing = ({ jobId, what, next, onEnd, children }: Props) => {
  const job = useJob(jobId, onEnd);
  const isFailed = job?.state === "failed";
  return (
    <div className="banner banner-ways" role="status">
      <p>
        {isFailed ? `Preparing to ${what} failed.` : `Preparing to ${what}…`}{" "}
        <span className="quiet">
          {isFailed ? job.error?.message : `Only the first time; ${next} as soon as it is done.`}
        </span>
      </p>
      {isFailed && (
        <button type="button" className="button-small" onClick={onEnd}>
          Try again
        </button>
      )}
      {children}
    </div>
  );
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

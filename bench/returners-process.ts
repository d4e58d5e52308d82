import { connect } from "../client/connect.ts";
import { follow } from "../client/follow.ts";
import type { Job } from "../protocol/jobs.ts";
import { createLookout } from "../test/faults/support/lookout.ts";
import { serveOwner } from "./program.ts";

/** So many connect at once in the beginning. */
const atOnce = 50;

/** One connection that watches a job. */
export type Watch = { token: string; jobId: string };

/** What to do: connect all of these; wait so long for what was published; or leave. */
export type ReturnersOrder =
  | { open: Watch[] }
  | { since: number; event: number; seconds: number }
  | { close: true };

/** How one connection fared since a moment. */
export type Return = {
  /** ms until its channel was subscribed again; null: not at all */
  backMs: number | null;
  /** with every event since; else it was told that it can't have them */
  isResumed: boolean;
  /** ms until it had the event that was waited for; null: not at all */
  toldMs: number | null;
  /** events it was never told of, or that came twice or out of turn */
  lost: number;
};

const { URL: url = "" } = process.env;
const { tell, until } = createLookout();
let returners: ReturnType<typeof createReturner>[] = [];

function createReturner({ token, jobId }: Watch) {
  const socket = connect(url, { token });
  const answers: { at: number; isResumed: boolean }[] = [];
  const told = new Map<number, number>();
  let newest: number | null = null;
  let lost = 0;

  async function read(): Promise<void> {
    for await (const step of follow(socket, `job:${jobId}`)) {
      if (step.kind === "event") take((step.event.data as Job).progress.rowsRead);
      else {
        answers.push({ at: Date.now(), isResumed: step.kind === "recovered" });
        if (step.kind === "snapshot") newest = (step.snapshot as Job).progress.rowsRead;
      }
      tell();
    }
  }

  /** The events of a job are numbered. */
  function take(event: number): void {
    if (newest !== null && event !== newest + 1) lost += 1;
    newest = event;
    told.set(event, Date.now());
  }

  void read();
  return {
    isThere: () => answers.length > 0,
    isTold: (event: number) => told.has(event),
    close: () => socket.disconnect(),
    sinceThen(since: number, event: number): Return {
      const answer = answers.find(({ at }) => at > since);
      const at = told.get(event);
      return {
        backMs: answer ? answer.at - since : null,
        isResumed: answer?.isResumed ?? false,
        toldMs: at === undefined ? null : at - since,
        lost: lost + (newest === event ? 0 : 1),
      };
    },
  };
}

serveOwner({}, async (order: ReturnersOrder): Promise<object> => {
  if ("open" in order) {
    for (let from = 0; from < order.open.length; from += atOnce) {
      const group = order.open.slice(from, from + atOnce).map(createReturner);
      returners.push(...group);
      await until(() => group.every(({ isThere }) => isThere()) || undefined, "the first answers");
    }
    return {};
  }
  if ("close" in order) {
    for (const { close } of returners) close();
    returners = [];
    return {};
  }
  const { since, event, seconds } = order;
  const areTold = () => returners.every(({ isTold }) => isTold(event)) || undefined;
  await until(areTold, "everybody's return", seconds).catch(() => {});
  return returners.map(({ sinceThen }) => sinceThen(since, event));
});

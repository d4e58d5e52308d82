import type { Principal } from "../auth/principal.ts";
import { AppError, toAppError } from "../errors.ts";
import { callAt } from "../infrastructure/at-time.ts";
import type { ChannelLog, LogPosition } from "../infrastructure/channel-log.ts";
import { coalesce } from "../infrastructure/coalesce.ts";
import { within } from "../infrastructure/deadline.ts";
import type { Logger } from "../infrastructure/logger.ts";
import { jobChannel } from "../jobs/job-channels.ts";
import type { ClusterAdapter } from "./adapter.ts";
import type { ChannelSources } from "./channel-access.ts";
import { createJobFollower, type Sink } from "./job-follower.ts";
import type { LiveSessions } from "./live-sessions.ts";
import type { RoomListeners } from "./room-listeners.ts";

/** As for subscriptions: the answer begins within 2 s. */
const redisDeadlineMs = 1800;

type Deps = {
  log: ChannelLog;
  cluster: ClusterAdapter;
  rooms: RoomListeners;
  jobs: Pick<ChannelSources["jobs"], "get">;
  sessions: LiveSessions;
  logger: Logger;
  /** ms between two looks at the log, which show what got lost on the way */
  everyMs: number;
};

/** The jobs that this node follows for readers without a socket. */
export function createJobStreams(deps: Deps) {
  const { log, cluster, rooms, jobs, sessions, logger, everyMs } = deps;
  const open = new Set<Sink>();
  let isDraining = false;

  /** False when there's nothing to tell and never will be: the reader has had the final event. */
  async function follow(
    principal: Principal,
    jobId: string,
    after: LogPosition | undefined,
    sink: Sink,
  ): Promise<boolean> {
    const readJob = () => jobs.get(principal, jobId);
    await readJob();
    if (isDraining) throw goingAway();
    cluster.requireConnection();
    const follower = createJobFollower(jobId, after, { log, readJob, sink });
    const readOn = coalesce(() => follower.readOn());
    const { room } = jobChannel(jobId);
    hold(principal, sink, room, () => readOn(jobId));
    const caughtUp = cluster.confirm(room).then(() => readOn(jobId));
    await within(redisDeadlineMs, caughtUp);
    return !(await follower.hasNothingToTell());
  }

  /** Everything that a stream takes up, until it closes. */
  function hold(principal: Principal, sink: Sink, room: string, readOn: () => Promise<void>): void {
    const look = () => void readOn().catch((err: unknown) => report(err, sink));
    const leave = rooms.join(room, look);
    const timer = setInterval(look, everyMs);
    const letGo = sessions.hold(principal.sessionId, () => sink.end("The session has ended."));
    const callOff = callAt(principal.expiresAt, () => sink.end("The access token has expired."));
    open.add(sink);
    sink.onClose(() => {
      open.delete(sink);
      callOff();
      letGo();
      clearInterval(timer);
      leave();
    });
  }

  /** A store that is away is asked again at the next look. */
  function report(err: unknown, sink: Sink): void {
    if (toAppError(err).code === "unavailable") return;
    logger.error({ err, event: "job_stream_failed" });
    sink.end();
  }

  const cutAll = () => {
    for (const sink of open) sink.cut();
  };

  return {
    async follow(...asked: Parameters<typeof follow>): Promise<boolean> {
      try {
        return await follow(...asked);
      } catch (err) {
        asked[3].cut();
        throw err;
      }
    },

    /** Lets no more readers in and ends those that are there; resolves when all are gone. */
    async drain(): Promise<void> {
      isDraining = true;
      const closed = [...open].map((sink) => new Promise<void>((resolve) => sink.onClose(resolve)));
      for (const sink of open) sink.end("This node is going away.");
      await Promise.all(closed);
    },

    close: cutAll,
  };
}

export type JobStreams = ReturnType<typeof createJobStreams>;

const goingAway = () =>
  new AppError("unavailable", "This node is going away; ask again.", { retryAfter: 1 });

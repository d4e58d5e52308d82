import { toAppError } from "../errors.ts";
import type { Logger } from "../infrastructure/logger.ts";
import type { GatewayServer } from "./socket-types.ts";

type End = () => void;

type Deps = {
  io: GatewayServer;
  /** which of these sessions live */
  findLive: (sessionIds: readonly string[]) => Promise<Set<string>>;
  logger: Logger;
  /** ms between two checks */
  everyMs: number;
};

/**
 * Ends what this node holds open for sessions that have ended: at once when told so, by way of Redis if
 * another node knows first; and at the next check where the word got lost. The truth is in MongoDB.
 */
export function createLiveSessions({ io, findLive, logger, everyMs }: Deps) {
  const held = new Map<string, Set<End>>();
  // For connections that were let in just before and aren't held yet.
  let lately = new Set<string>();
  let before = new Set<string>();
  let isClosed = false;
  let timer = setTimeout(tick, everyMs);

  io.on("sessions:ended", endHere);

  function endHere(sessionIds: readonly string[]): void {
    for (const id of sessionIds) {
      lately.add(id);
      for (const end of held.get(id) ?? []) end();
    }
  }

  async function tick(): Promise<void> {
    before = lately;
    lately = new Set();
    const isChecked = await check();
    // Soon again, lest a connection goes unchecked for longer than is promised.
    if (!isClosed) timer = setTimeout(tick, isChecked ? everyMs : everyMs / 4);
  }

  /** One query for all sessions of this node. */
  async function check(): Promise<boolean> {
    const asked = [...held.keys()];
    if (asked.length === 0) return true;
    try {
      const live = await findLive(asked);
      endHere(asked.filter((id) => !live.has(id)));
      return true;
    } catch (err) {
      const level = toAppError(err).code === "unavailable" ? "debug" : "error";
      logger[level]({ err, event: "sessions_unchecked" });
      return false;
    }
  }

  return {
    /** Calls `end` when the session has ended, at once if it just has; the answer lets go of it. */
    hold(sessionId: string, end: End): () => void {
      const ends = held.get(sessionId) ?? new Set();
      held.set(sessionId, ends.add(end));
      if (lately.has(sessionId) || before.has(sessionId)) end();
      return () => {
        ends.delete(end);
        if (ends.size === 0 && held.get(sessionId) === ends) held.delete(sessionId);
      };
    },

    /** Ends what is open of these sessions here and tells the other nodes; waits for none. */
    end(sessionIds: string[]): void {
      if (sessionIds.length === 0) return;
      endHere(sessionIds);
      io.serverSideEmit("sessions:ended", sessionIds);
    },

    close(): void {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

export type LiveSessions = ReturnType<typeof createLiveSessions>;

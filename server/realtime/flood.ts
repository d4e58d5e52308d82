import { takeAtPace } from "../infrastructure/gcra.ts";
import type { Rate } from "../infrastructure/rates.ts";
import { type EngineConnection, listenIf, webSocketOf } from "./transport.ts";

const longestMs = 10_000;
/** A pause this long in being refused is an end to it. */
const easedMs = 5000;
/** Refusals a second that are answered however low the limit is. */
const fewestAnswered = 50;
/** For so long to twice as long nothing more is read from a connection that doesn't even heed its refusals. */
const deafMs = 2000;

/** So many a second of one connection, bursts of twice that, in this node's memory alone. */
export function createOwnPace(perSecond: number, now = Date.now) {
  let arrival = 0;
  return {
    /** Takes one; gives 0, or the ms after which there is one again. */
    take(): number {
      const taken = takeAtPace({ perSecond, burst: 2 * perSecond }, arrival, now(), 1);
      arrival = taken.arrival;
      return taken.waitMs;
    },
    /** Nothing is earned for so many ms. */
    skip(ms: number): void {
      arrival = Math.max(arrival, now()) + ms;
    },
  };
}

/** Whether refusals have gone on for 10 s. */
export function createPatience(now = Date.now) {
  let since = Number.NEGATIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  return {
    /** To be called with each refusal; true once it is enough. */
    isOver(): boolean {
      if (now() - last > easedMs) since = now();
      last = now();
      return last - since >= longestMs;
    },
  };
}

type Deps = { perSecond: number; requests: Rate; userId: string };

/** Holds one connection's requests to its own pace and to its user's. */
export function createFlood(connection: EngineConnection, { perSecond, requests, userId }: Deps) {
  const own = createOwnPace(perSecond);
  const refusals = createOwnPace(Math.max(perSecond, fewestAnswered));
  const heard = createOwnPace(perSecond + Math.max(perSecond, fewestAnswered));
  const patience = createPatience();
  const socket = webSocketOf(connection);
  let isDeaf = false;

  function turnAway(): void {
    // Spread, or the floods of many would all be read in one turn of the loop.
    const ms = deafMs * (1 + Math.random());
    isDeaf = true;
    // Or each time would begin with a burst.
    own.skip(ms);
    refusals.skip(ms);
    heard.skip(ms);
    socket.pause();
    setTimeout(listen, ms).unref();
  }

  function listen(): void {
    isDeaf = false;
    socket.resume();
  }

  /** After a refusal without an answer. */
  function giveUp(): void {
    if (patience.isOver()) socket.terminate();
    else if (!isDeaf) turnAway();
  }

  // What comes on top of the taken and the answered would be refused without a word.
  listenIf(socket, () => {
    const isHeard = !isDeaf && heard.take() === 0;
    if (!isHeard) giveUp();
    return isHeard;
  });

  return {
    /** Takes a request; gives 0, or the ms after which there is another. */
    async take(): Promise<number> {
      return own.take() || (await requests.tryTake(userId));
    },

    /**
     * After a refusal: who goes on isn't listened to for a while, and after 10 s no more. Gives whether it is
     * still worth an answer: those to a flood would cost more than what it asks for.
     */
    refused(): boolean {
      if (!patience.isOver() && !isDeaf && refusals.take() === 0) return true;
      giveUp();
      return false;
    },
  };
}

export type Flood = ReturnType<typeof createFlood>;

import { AppError } from "../errors.ts";

/** One subscription request, as long as it counts. */
export type Hold = symbol;

/**
 * Which requests hold which channel on one connection: a channel is left when the last one lets go, and
 * an unsubscription also ends those that are still under way.
 */
export function createHolds(mostChannels: number) {
  const channels = new Map<string, Set<Hold>>();

  return {
    /** Throws `rate_limited` for a channel too many. */
    take(channel: string): Hold {
      const holds = channels.get(channel) ?? new Set();
      if (holds.size === 0 && channels.size >= mostChannels) {
        throw new AppError(
          "rate_limited",
          `One connection watches ${mostChannels} channels at most.`,
          {
            retryAfter: 1,
          },
        );
      }
      const hold = Symbol(channel);
      channels.set(channel, holds.add(hold));
      return hold;
    },

    has: (channel: string, hold: Hold): boolean => channels.get(channel)?.has(hold) ?? false,

    /** Of several requests that were answered one hold is enough. */
    settle(channel: string, hold: Hold): void {
      const holds = channels.get(channel);
      if (holds?.delete(hold)) holds.add(settled);
    },

    /** True when nothing holds the channel any more. */
    letGo(channel: string, hold: Hold): boolean {
      const holds = channels.get(channel);
      holds?.delete(hold);
      if (holds?.size === 0) channels.delete(channel);
      return !channels.has(channel);
    },

    drop: (channel: string): boolean => channels.delete(channel),
    clear: (): void => channels.clear(),
  };
}

const settled: Hold = Symbol("settled");

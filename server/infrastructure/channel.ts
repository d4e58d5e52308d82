import type { Logger } from "./logger.ts";

/** A channel: the name its clients know and the room (with a Cluster hash tag) that carries it. */
export type ChannelRef = { name: string; room: string };

export type Message = {
  channel: ChannelRef;
  type: string;
  data: unknown;
  /** an id seen before is answered as then, and not sent again */
  id: string;
  /** a message of an attempt older than the newest one known for `of` is refused */
  fence?: { of: string; value: number };
};

/** Appends to a channel's log and sends to all who watch; false when the fence refused it. */
export type Publish = (message: Message) => Promise<boolean>;

/**
 * As `publish`, but a Redis that is away fails nobody: MongoDB is the truth, and the last state of
 * each run is published again by the sweeper.
 */
export const publishLeniently =
  (publish: Publish, logger: Logger): Publish =>
  (message) =>
    publish(message).catch((err: unknown) => {
      logger.warn({ err, event: "event_not_published", channel: message.channel.name });
      return false;
    });

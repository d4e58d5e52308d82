import { Redis } from "ioredis";
import type { ChannelEvent } from "../../../protocol/channels.ts";
import type { ChannelRef } from "../../../server/infrastructure/channel.ts";
import { encodeEnvelope, roomChannel } from "../../../server/infrastructure/channel-envelope.ts";
import { channelKeys } from "../../../server/infrastructure/channel-keys.ts";
import { createPublisher } from "../../../server/infrastructure/channel-publisher.ts";
import { createId } from "../../../server/infrastructure/ids.ts";
import type { Cluster } from "../../support/cluster.ts";
import { createLookout } from "./lookout.ts";

/** What section 6 of the protocol lets a client be behind. */
const mostEvents = 500;
const mostBytes = 256 * 1024;

export type Reach = "within" | "too many" | "too big" | "trimmed";

/**
 * Writes down every event of a channel as Redis sends it, over a connection that nothing cuts; says more
 * on it with the product's own publisher, and trims its log.
 */
export async function keepLedger({ settings, redis }: Cluster, channel: ChannelRef) {
  const prefix = settings.REDIS_PREFIX;
  const publish = createPublisher({ redis, prefix });
  const listener = new Redis(settings.REDIS_URL);
  const events = new Map<number, ChannelEvent>();
  const bytes = new Map<number, number>();
  const trims: number[] = [];
  let last = 0;
  const { tell, until } = createLookout();
  const { head, tail } = encodeEnvelope(channel.room);
  listener.on("smessage", (_channel, message: string) => {
    const text = message.slice(head.length, -tail.length);
    const event: ChannelEvent = JSON.parse(text);
    events.set(event.seq, event);
    bytes.set(event.seq, Buffer.byteLength(text));
    last = event.seq;
    tell();
  });
  await listener.ssubscribe(roomChannel(prefix, channel.room));

  /** Publishes something that nobody mistakes for the state of a job; gives the id of the message. */
  async function say(more: Record<string, unknown> = {}): Promise<string> {
    const id = createId();
    await publish({ channel, type: "job.progress", data: { mark: id, ...more }, id });
    return id;
  }

  const sizeBetween = (from: number, to: number) => {
    let sum = 0;
    for (let seq = from + 1; seq <= to; seq += 1) sum += bytes.get(seq) ?? 0;
    return sum;
  };

  return {
    /** as clients know it */
    channel: channel.name,
    event: (seq: number) => events.get(seq),
    lastSeq: () => last,
    say,
    /** The same, with the place that it got. */
    async mark(): Promise<number> {
      const id = await say();
      const isIt = ({ data }: ChannelEvent) => "mark" in data && data.mark === id;
      const found = () => [...events.values()].findLast(isIt);
      return (await until(found, "an event that Redis has taken")).seq;
    },
    /** Ends the log as an hour without events would; positions go on. */
    async trim(): Promise<void> {
      const [position, log] = channelKeys(prefix, channel) as [string, string];
      const answers = await redis.multi().get(position).del(log).exec();
      trims.push(Number(String(answers?.[0]?.[1]).split(":").at(-1)));
      // Or nobody could tell an answer before the trim from one after it.
      await say();
    },
    /** Whether the log, as it was when it stood at `to`, leads there from `from`; if not, why. */
    reach(from: number, to: number): Reach {
      if (to - from > mostEvents) return "too many";
      if (sizeBetween(from, to) > mostBytes) return "too big";
      return trims.some((trim) => from < trim && trim < to) ? "trimmed" : "within";
    },
    /** Whether an answer that stood at `to` may be from before a trim as well as from after it. */
    isUnsure: (to: number): boolean => trims.includes(to),
    [Symbol.asyncDispose]: async () => listener.disconnect(),
  };
}

export type Ledger = Awaited<ReturnType<typeof keepLedger>>;

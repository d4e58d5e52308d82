import type { Redis } from "ioredis";
import type { ChannelRef } from "./channel.ts";
import { channelKeys, epochSuffix, positionKey } from "./channel-keys.ts";
import { readScript } from "./channel-scripts.ts";
import { askRedis, parseRunId } from "./redis.ts";
import { createScript } from "./redis-script.ts";

/** The most that a recovery gives back; who is further behind starts from a snapshot. */
const mostEvents = 500;
const mostBytes = 256 * 1024;

export type LogPosition = { epoch: string; seq: number };
export type LogRead = LogPosition & {
  /** whether events are kept at all */
  hasLog: boolean;
  /** whether `events` (JSON texts) are all that came after the position asked for */
  recovered: boolean;
  events: string[];
};

/** Reads channel logs; throws `unavailable` when Redis is away. `redis` is a connection that fails fast. */
export function createChannelLog({ redis, prefix }: { redis: Redis; prefix: string }) {
  const run = createScript(redis, readScript);

  async function read(channel: ChannelRef, after?: LogPosition): Promise<LogRead> {
    const position = [after?.epoch ?? "", after?.seq ?? 0];
    const args = [epochSuffix(), ...position, mostEvents, mostBytes];
    return toRead(await run(channelKeys(prefix, channel), args));
  }

  /** Where channels stand, with one MGET; a channel without an epoch of this very Redis begins one. */
  async function positions(channels: ChannelRef[]): Promise<LogPosition[]> {
    const keys = channels.map((channel) => positionKey(prefix, channel));
    // In one transaction, so that both answers are those of one Redis process.
    const answers = await askRedis(() => redis.multi().info("server").mget(keys).exec());
    const [info, held] = (answers ?? []).map(([err, answer]) => {
      if (err) throw err;
      return answer;
    });
    const node = parseRunId(String(info)).slice(0, 8);
    const texts = held as (string | null)[];
    return Promise.all(
      channels.map((channel, i) => {
        const text = texts[i];
        return text?.startsWith(node) ? parsePosition(text) : read(channel);
      }),
    );
  }

  return { read, positions };
}

export type ChannelLog = ReturnType<typeof createChannelLog>;

/** Answers of our own scripts are taken as they are documented there. */
function toRead(answer: unknown): LogRead {
  const [epoch, seq, hasLog, recovered, ...events] = answer as [string, string, number, number];
  return {
    epoch,
    seq: Number(seq),
    hasLog: hasLog === 1,
    recovered: recovered === 1,
    events,
  };
}

function parsePosition(text: string): LogPosition {
  const colon = text.lastIndexOf(":");
  return { epoch: text.slice(0, colon), seq: Number(text.slice(colon + 1)) };
}

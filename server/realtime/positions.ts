import { toAppError } from "../errors.ts";
import type { ChannelRef } from "../infrastructure/channel.ts";
import type { ChannelLog, LogPosition } from "../infrastructure/channel-log.ts";
import type { Logger } from "../infrastructure/logger.ts";
import type { GatewayServer } from "./socket-types.ts";

const chunkSize = 500;

type Watched = { channel: ChannelRef; told: LogPosition | null };

type Deps = { io: GatewayServer; log: ChannelLog; logger: Logger; everyMs: number };

/**
 * Tells the sockets of this node every `everyMs` how far their channels have got, so that what was lost on
 * the way shows. A channel whose epoch is gone begins its next one here.
 */
export function createPositions({ io, log, logger, everyMs }: Deps) {
  const { adapter } = io.of("/");
  const watched = new Map<string, Watched>();
  let isClosed = false;
  let timer = setTimeout(tick, everyMs);

  adapter.on("delete-room", (room: string) => watched.delete(room));

  async function tick(): Promise<void> {
    try {
      const all = [...watched.values()];
      for (let i = 0; i < all.length; i += chunkSize) await compare(all.slice(i, i + chunkSize));
    } catch (err) {
      // A Redis that is away was logged by its connection.
      if (toAppError(err).code !== "unavailable") {
        logger.error({ err, event: "positions_unread" });
      }
    }
    if (!isClosed) timer = setTimeout(tick, everyMs);
  }

  async function compare(chunk: Watched[]): Promise<void> {
    const positions = await log.positions(chunk.map(({ channel }) => channel));
    for (const [i, entry] of chunk.entries()) {
      const position = positions[i];
      if (position && watched.get(entry.channel.room) === entry) tell(entry, position);
    }
  }

  function tell(entry: Watched, { epoch, seq }: LogPosition): void {
    if (entry.told?.epoch === epoch && entry.told.seq === seq) return;
    entry.told = { epoch, seq };
    const { name, room } = entry.channel;
    io.local.to(room).emit("channel:position", { positions: [{ channel: name, epoch, seq }] });
  }

  return {
    /** Includes a channel that a socket of this node is in; its sockets hear of it at the next check. */
    watch(channel: ChannelRef): void {
      if (adapter.rooms.has(channel.room)) watched.set(channel.room, { channel, told: null });
    },
    close(): void {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

export type Positions = ReturnType<typeof createPositions>;

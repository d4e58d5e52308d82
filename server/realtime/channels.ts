import type { z } from "zod";
import type { Subscription, subscribeRequest } from "../../protocol/channels.ts";
import type { Principal } from "../auth/principal.ts";
import { AppError } from "../errors.ts";
import type { ChannelRef } from "../infrastructure/channel.ts";
import type { ChannelLog } from "../infrastructure/channel-log.ts";
import { within } from "../infrastructure/deadline.ts";
import type { ClusterAdapter } from "./adapter.ts";
import { type ChannelSources, channelRef, snapshotReader } from "./channel-access.ts";
import { createHolds } from "./holds.ts";
import type { Positions } from "./positions.ts";
import type { GatewaySocket } from "./socket-types.ts";

/** Leaves time for the snapshot: an answer comes within 2 s. */
const redisDeadlineMs = 1800;

type SubscribeRequest = z.output<typeof subscribeRequest>;

export type ChannelDeps = {
  log: ChannelLog;
  cluster: ClusterAdapter;
  positions: Positions;
  sources: ChannelSources;
  mostChannels: number;
};

/** The channels that one socket watches. */
export function createChannels(socket: GatewaySocket, principal: Principal, deps: ChannelDeps) {
  const { log, cluster, positions, sources } = deps;
  const holds = createHolds(deps.mostChannels);
  socket.on("disconnect", () => holds.clear());

  /** Joins before it reads, so that no event falls in between; those that come early are the client's to keep. */
  async function watch(request: SubscribeRequest, ref: ChannelRef): Promise<Subscription> {
    const { channel, after } = request;
    void socket.join(ref.room);
    const confirmed = cluster.confirm(ref.room).then(() => log.read(ref, after));
    const { epoch, seq, hasLog, recovered, events } = await within(redisDeadlineMs, confirmed);
    positions.watch(ref);
    const snapshot = await snapshotReader(sources, principal, channel)();
    if (snapshot === null && !hasLog) throw new AppError("not_found");
    return { channel, epoch, seq, recovered, events: events.map(parseEvent), snapshot };
  }

  return {
    async subscribe(request: SubscribeRequest): Promise<Subscription> {
      const { channel, after } = request;
      const ref = channelRef(principal, channel);
      const hold = holds.take(channel);
      try {
        const seen = await snapshotReader(sources, principal, channel)();
        if (seen === null && !after) throw new AppError("not_found");
        cluster.requireConnection();
        const isWanted = socket.connected && holds.has(channel, hold);
        if (!isWanted) throw new AppError("conflict", "Unsubscribed meanwhile.");
        const subscription = await watch(request, ref);
        holds.settle(channel, hold);
        return subscription;
      } catch (err) {
        if (holds.letGo(channel, hold)) void socket.leave(ref.room);
        throw err;
      }
    },

    async unsubscribe(channel: string): Promise<Record<string, never>> {
      holds.drop(channel);
      void socket.leave(channelRef(principal, channel).room);
      return {};
    },
  };
}

export type Channels = ReturnType<typeof createChannels>;

/** Texts of the log were written by the publisher as events. */
const parseEvent = (text: string): Subscription["events"][number] => JSON.parse(text);

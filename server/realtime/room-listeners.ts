import { roomChannel } from "../infrastructure/channel-envelope.ts";
import { createId } from "../infrastructure/ids.ts";
import type { ClusterAdapter } from "./adapter.ts";
import type { GatewayServer } from "./socket-types.ts";

type Deps = { io: GatewayServer; cluster: ClusterAdapter; prefix: string };

/**
 * Rooms for those who are no sockets. To the adapter a listener is one more member of the room, so this
 * node's subscription lasts as long as the last of them, socket or not.
 */
export function createRoomListeners({ io, cluster, prefix }: Deps) {
  const { adapter } = io.of("/");
  const listeners = new Map<string, Set<() => void>>();

  cluster.onMessage((channel) => {
    if (listeners.size === 0) return;
    for (const tell of listeners.get(channel.toString()) ?? []) tell();
  });

  return {
    /** Calls `tell` with each message to the room, until the answer is called, once. */
    join(room: string, tell: () => void): () => void {
      const channel = roomChannel(prefix, room);
      const member = `listener:${createId()}`;
      const those = listeners.get(channel) ?? new Set();
      listeners.set(channel, those.add(tell));
      void adapter.addAll(member, new Set([room]));
      return () => {
        those.delete(tell);
        if (those.size === 0) listeners.delete(channel);
        void adapter.delAll(member);
      };
    },
  };
}

export type RoomListeners = ReturnType<typeof createRoomListeners>;

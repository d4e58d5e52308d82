import type { SluiceSocket } from "./connect.ts";
import { request } from "./request.ts";

/** How many followers each channel of a socket has: the last one to leave unsubscribes. */
const followers = new WeakMap<SluiceSocket, Map<string, number>>();

export const join = (socket: SluiceSocket, channel: string) => {
  const counts = followers.get(socket) ?? new Map<string, number>();
  followers.set(socket, counts);
  counts.set(channel, (counts.get(channel) ?? 0) + 1);
};

/** `pending`: a subscription still under way; unsubscribing before it is answered could be overtaken. */
export const leave = async (socket: SluiceSocket, channel: string, pending: Promise<unknown>) => {
  await pending;
  const counts = followers.get(socket);
  const left = (counts?.get(channel) ?? 1) - 1;
  if (left > 0) return counts?.set(channel, left);
  counts?.delete(channel);
  // Without a connection there is nothing to leave.
  if (socket.connected) await request(socket, "channel:unsubscribe", { channel }).catch(() => {});
};

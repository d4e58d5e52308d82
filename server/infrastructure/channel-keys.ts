import { randomBytes } from "node:crypto";
import type { ChannelRef } from "./channel.ts";

/** Keys of a channel in the order that the scripts expect; the room's braces keep them in one Cluster slot. */
export function channelKeys(prefix: string, { room }: ChannelRef): string[] {
  return ["position", "log", "ids:0", "ids:1", "fences:0", "fences:1"].map(
    (name) => `${prefix}:${room}:${name}`,
  );
}

export const positionKey = (prefix: string, { room }: ChannelRef) => `${prefix}:${room}:position`;

const own = randomBytes(9).toString("base64url");
let epochs = 0;

/** End of an epoch that no other has, should the script have to begin one. */
export function epochSuffix(): string {
  epochs += 1;
  return `${own}${epochs.toString(36)}`;
}

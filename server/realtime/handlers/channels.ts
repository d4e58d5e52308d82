import type { Channels } from "../channels.ts";
import { type Edge, handle } from "../edge.ts";

export function handleChannels(edge: Edge, channels: Channels): void {
  handle(edge, "channel:subscribe", (request) => channels.subscribe(request));
  handle(edge, "channel:unsubscribe", ({ channel }) => channels.unsubscribe(channel));
}

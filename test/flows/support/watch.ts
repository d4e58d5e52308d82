import { type Followed, follow } from "../../../client/follow.ts";
import type { ChannelEvent } from "../../../protocol/channels.ts";
import type { TestClient } from "../../support/client.ts";

/** Follows a channel from now on and keeps its events; `until` waits for the first that is wanted. */
export async function watch(client: TestClient, channel: string) {
  const socket = client.socket();
  const following = follow(socket, channel);
  const events: ChannelEvent[] = [];
  await following.next();

  const take = ({ value, done }: IteratorResult<Followed, undefined>) => {
    if (done) throw new Error(`${channel} ended after ${events.map(({ type }) => type)}`);
    if (value.kind === "event") events.push(value.event);
    return value.kind === "event" ? value.event : null;
  };
  return {
    events,
    async until(isWanted: (event: ChannelEvent) => boolean): Promise<ChannelEvent> {
      for (;;) {
        const event = take(await following.next());
        if (event && isWanted(event)) return event;
      }
    },
    close: () => socket.disconnect(),
  };
}

import type { SluiceSocket } from "../../../client/connect.ts";
import { type Followed, follow } from "../../../client/follow.ts";
import type { ChannelEvent, Position } from "../../../protocol/channels.ts";
import type { TestClient } from "../../support/client.ts";
import { createLookout } from "./lookout.ts";

/** Follows a channel from node to node, each time from where it was. */
export function createRoamer(client: TestClient, channel: string) {
  const items: Followed[] = [];
  const { tell, until } = createLookout();
  let position: Position | undefined;
  let socket: SluiceSocket | undefined;
  let stop = new AbortController();
  let reading = Promise.resolve();

  async function read(from: SluiceSocket): Promise<void> {
    const { signal } = stop;
    const options = position ? { after: position, signal } : { signal };
    for await (const item of follow(from, channel, options)) {
      const at = item.kind === "event" ? item.event : item;
      if ("seq" in at) position = { epoch: at.epoch, seq: at.seq };
      items.push(item);
      tell();
    }
  }

  async function leave(): Promise<void> {
    socket?.disconnect();
    // A follower on a connection that is down already doesn't hear of it.
    stop.abort();
    await reading;
  }

  const events = () => items.flatMap((item) => (item.kind === "event" ? [item.event] : []));
  return {
    items,
    events,
    leave,
    async goTo(url: string): Promise<SluiceSocket> {
      await leave();
      const opened = client.socket(url);
      stop = new AbortController();
      socket = opened;
      reading = read(opened);
      reading.catch(() => {});
      return opened;
    },
    until: (isIt: (event: ChannelEvent) => boolean, what: string) =>
      until(() => events().find(isIt), what),
  };
}

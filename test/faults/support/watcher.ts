import type { SluiceSocket } from "../../../client/connect.ts";
import { type Followed, follow } from "../../../client/follow.ts";
import type { ChannelEvent } from "../../../protocol/channels.ts";
import type { TestClient } from "../../support/client.ts";
import { createLookout } from "./lookout.ts";

export type Seen = Followed & {
  /** when it was handed over, in ms of this process's clock */
  seenAt: number;
};

/**
 * Watches a channel through one address, writes down all that the client library hands over, and comes
 * back by itself.
 */
export function watch(client: TestClient, url: string, channel: string) {
  const seen: Seen[] = [];
  const { tell, until } = createLookout();
  const socket: SluiceSocket = client.socket(url);
  let failure: unknown = null;

  async function read(): Promise<void> {
    for await (const item of follow(socket, channel)) {
      seen.push({ ...item, seenAt: Date.now() });
      tell();
    }
  }
  const reading = read().catch((err: unknown) => {
    failure = err;
    tell();
  });

  const events = () => seen.flatMap((item) => (item.kind === "event" ? [item.event] : []));
  return {
    url,
    channel,
    socket,
    seen,
    events,
    until: (isIt: (event: ChannelEvent) => boolean, what: string, seconds?: number) =>
      until(() => events().find(isIt), what, seconds),
    /** Waits for whatever `find` finds in what was seen. */
    untilSeen: <T>(find: (seen: Seen[]) => T | undefined, what: string, seconds?: number) =>
      until(() => find(seen), what, seconds),
    failure: () => failure,
    async stop(): Promise<void> {
      socket.disconnect();
      await reading;
    },
  };
}

export type Watcher = ReturnType<typeof watch>;

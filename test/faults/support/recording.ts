import type { SluiceSocket } from "../../../client/connect.ts";
import { request } from "../../../client/request.ts";
import type { ChannelEvent, Position } from "../../../protocol/channels.ts";
import { createLookout } from "./lookout.ts";

/**
 * Subscribes once and writes down what comes, early events and doubles dropped by rules 1 and 2 of a
 * client; rule 3 is not followed, so that a gap stays one.
 */
export async function record(socket: SluiceSocket, channel: string, after?: Position) {
  const arrived: ChannelEvent[] = [];
  const listeners: ((event: ChannelEvent) => void)[] = [];
  const { tell, until } = createLookout();
  const take = (event: ChannelEvent) => {
    if (event.channel !== channel) return;
    arrived.push(event);
    for (const listen of listeners) listen(event);
    tell();
  };
  socket.on("event", take);
  const answer = await request(socket, "channel:subscribe", { channel, ...(after && { after }) });

  const isNew = ({ epoch, seq }: ChannelEvent) => epoch !== answer.epoch || seq > answer.seq;
  const events = () => [...answer.events, ...arrived.filter(isNew)];
  return {
    answer,
    events,
    onEvent: (listen: (event: ChannelEvent) => void) => listeners.push(listen),
    async stop(): Promise<void> {
      await request(socket, "channel:unsubscribe", { channel });
      socket.off("event", take);
    },
    until: (isIt: (event: ChannelEvent) => boolean, what: string, seconds?: number) =>
      until(() => events().find(isIt), what, seconds),
  };
}

export type Recording = Awaited<ReturnType<typeof record>>;

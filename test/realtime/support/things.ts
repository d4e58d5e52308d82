import type { SluiceSocket } from "../../../client/connect.ts";
import type { ChannelEvent } from "../../../protocol/channels.ts";
import type { Dataset } from "../../../protocol/datasets.ts";
import type { Job } from "../../../protocol/jobs.ts";
import { datasetChannel } from "../../../server/datasets/dataset-channel.ts";
import type { ChannelRef } from "../../../server/infrastructure/channel.ts";
import { createId } from "../../../server/infrastructure/ids.ts";
import { jobChannel } from "../../../server/jobs/job-channels.ts";
import type { World } from "./world.ts";

/** Gives `user` a job; only its id matters here. */
export function addJob({ things }: World, user = "ann"): ChannelRef {
  const id = createId();
  things.set(`${user}/job:${id}`, { id, state: "running" } as Job);
  return jobChannel(id);
}

export function addDataset({ things }: World, user = "ann") {
  const id = createId();
  const channel = datasetChannel(id);
  things.set(`${user}/${channel.name}`, { id, name: "people" } as Dataset);
  return {
    channel,
    remove: () => things.set(`${user}/${channel.name}`, null),
  };
}

/** Publishes `count` events one after the other, each with its number and `padding` characters as data. */
export async function publishMany(
  { publish }: World,
  channel: ChannelRef,
  count: number,
  padding = 0,
): Promise<void> {
  for (let n = 1; n <= count; n += 1) {
    const data = { n, padding: "x".repeat(padding) };
    await publish({ channel, type: "job.progress", data, id: createId() });
  }
}

/** Gathers the events that reach a socket. */
export function gather(socket: SluiceSocket) {
  const events: ChannelEvent[] = [];
  const arrivals = new Set<() => void>();
  socket.on("event", (event) => {
    events.push(event);
    for (const look of arrivals) look();
  });
  return {
    events,
    seqs: () => events.map(({ seq }) => seq),
    /** Waits until this event of a channel has come. */
    until: (channel: ChannelRef, seq: number) =>
      new Promise<void>((resolve) => {
        const look = () => {
          const isThere = events.some(
            (event) => event.channel === channel.name && event.seq === seq,
          );
          if (!isThere) return;
          arrivals.delete(look);
          resolve();
        };
        arrivals.add(look);
        look();
      }),
  };
}

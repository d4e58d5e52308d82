import { describe, expect, it } from "@jest/globals";
import type { SluiceSocket } from "../../client/connect.ts";
import type { ChannelEvent } from "../../protocol/channels.ts";
import { createPublisher } from "../../server/infrastructure/channel-publisher.ts";
import { createId } from "../../server/infrastructure/ids.ts";
import { jobChannel } from "../../server/jobs/job-channels.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { findBreaks } from "./support/judgement.ts";
import { record } from "./support/recording.ts";

const rounds = 40;

/** Watches in turns through one connection and the other, each time until something live has come. */
async function comeAndGo(sockets: SluiceSocket[], channel: string): Promise<ChannelEvent[]> {
  const applied: ChannelEvent[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const socket = sockets[round % sockets.length] as SluiceSocket;
    const { answer, events, until, stop } = await record(socket, channel, toPosition(applied));
    await until(({ seq }) => seq > answer.seq, "a live event");
    await stop();
    applied.push(...events());
  }
  return applied;
}

function toPosition(events: ChannelEvent[]) {
  const last = events.at(-1);
  return last && { epoch: last.epoch, seq: last.seq };
}

/** Says something on a job's channel, over and over, until `isOver`. */
async function publishUntil(isOver: () => boolean, cluster: Cluster, jobId: string) {
  const publish = createPublisher({ redis: cluster.redis, prefix: cluster.settings.REDIS_PREFIX });
  const message = { channel: jobChannel(jobId), type: "job.progress", data: { id: jobId } };
  while (!isOver()) await publish({ ...message, id: createId() });
}

describe("watchers that come and go while events pour in", () => {
  it("find no event missing between an answer and what follows it live", async () => {
    await using cluster = await startCluster({ api: 2, workers: 0 });
    const ann = await cluster.signUp();
    const { job } = (await ann.upload("a\n1\n")).body;
    const watchers = Array.from({ length: 8 }, (_, i) =>
      [i, i + 1].map((node) => ann.socket(cluster.url(node % 2))),
    );

    const turns = Promise.all(watchers.map((sockets) => comeAndGo(sockets, `job:${job.id}`)));
    let isOver = false;
    const ended = turns.finally(() => {
      isOver = true;
    });
    await Promise.all([ended, publishUntil(() => isOver, cluster, job.id)]);

    for (const applied of await turns) {
      expect(applied.length).toBeGreaterThanOrEqual(rounds);
      expect(findBreaks(applied)).toEqual([]);
    }
  });
});

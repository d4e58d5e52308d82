import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { ChannelEvent } from "../../protocol/channels.ts";
import type { Dataset } from "../../protocol/datasets.ts";
import {
  findBreaks,
  findSetbacks,
  isFinal,
  jobOf,
  mostInOneSecond,
} from "../faults/support/judgement.ts";
import { record } from "../faults/support/recording.ts";
import { openSlowLink, type SlowLink } from "../faults/support/slow-link.ts";
import { readStoredJob } from "../faults/support/stored-job.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { type Story, tellStory } from "./watch-story.ts";

const typesOf = (events: ChannelEvent[]) => events.map(({ type }) => type);

describe("watching an import", () => {
  let cluster: Cluster;
  let link: SlowLink;
  let story: Story;
  beforeAll(async () => {
    cluster = await startCluster({ api: 2, workers: 0 });
    link = await openSlowLink(cluster.settings.MONGODB_URI, 1_000_000);
    story = await tellStory(cluster, link);
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    await link?.[Symbol.asyncDispose]();
  });

  it("gives watchers on two nodes the same events, none missing", () => {
    const [one, other] = story.watchers.map(({ events }) => events());

    expect(one?.length).toBeGreaterThan(5);
    expect(findBreaks(one ?? [])).toEqual([]);
    expect(other).toEqual(one);
  });

  it("gives one who was cut off and came back on the other node each event once", () => {
    const recovered = story.roamer.items.filter(({ kind }) => kind === "recovered");
    const snapshots = story.roamer.items.filter(({ kind }) => kind === "snapshot");

    expect(story.roamer.events()).toEqual(story.watchers[0]?.events());
    expect(recovered).toEqual([{ kind: "recovered", events: expect.any(Number) }]);
    expect(snapshots).toHaveLength(1);
  });

  it("ends with the one final event, which is the job as it is stored", async () => {
    const events = story.watchers[0]?.events() ?? [];
    const stored = await readStoredJob(cluster, story.job.id);

    expect(events.filter(isFinal)).toHaveLength(1);
    expect(events.at(-1)?.data).toEqual(stored);
    expect(stored).toMatchObject({
      state: "completed",
      result: { rowsRead: 100_000, rowsImported: 99_900, rowsRejected: 100 },
    });
  });

  it("tells no counter that goes back, and none before MongoDB has it", () => {
    expect(findSetbacks(story.watchers[0]?.events() ?? [])).toEqual([]);
    expect(story.ahead).toEqual([]);
  });

  it("tells at most 4 times of progress and 2 of changed rows in any second", () => {
    const progress = story.watchers[0]?.events().filter(({ type }) => type === "job.progress");

    expect(mostInOneSecond(progress ?? [])).toBeLessThanOrEqual(4);
    expect(mostInOneSecond(story.changes.events())).toBeLessThanOrEqual(2);
  });

  it("tells the list of jobs of each change of state", () => {
    const events = story.list.events().filter((event) => jobOf(event).id === story.job.id);

    expect(typesOf(events)).toEqual(["job.queued", "job.started", "job.completed"]);
    expect(findBreaks(story.list.events())).toEqual([]);
  });

  it("tells the dataset's channel of its columns once and of its final state", async () => {
    const events = story.changes.events();
    const { columns, ...rest } = await story.ann.dataset(story.dataset.id);

    expect(new Set(typesOf(events))).toEqual(new Set(["dataset.changed"]));
    expect(findBreaks(events)).toEqual([]);
    expect(events.flatMap(({ data }) => ("columns" in data ? [data.columns] : []))).toEqual([
      columns,
    ]);
    expect(events.at(-1)?.data).toEqual(rest);
  });

  it("is nothing that another user ever hears of", async () => {
    const { bob, job, dataset, foreignList } = story;
    const asked = [`job:${job.id}`, `dataset:${dataset.id}`].map((channel) =>
      bob.request(bob.socket(), "channel:subscribe", { channel }),
    );
    const answers = await Promise.allSettled(asked);

    for (const answer of answers) {
      expect(answer).toMatchObject({ status: "rejected", reason: { code: "not_found" } });
    }
    expect((await bob.call(`/api/v1/jobs/${job.id}`)).status).toBe(404);
    expect(foreignList.answer.snapshot).toEqual([]);
    expect(foreignList.events()).toEqual([]);
  });

  it("gives who was away the end of a deleted dataset, and nothing to newcomers", async () => {
    const { ann, dataset, changes } = story;
    const channel = `dataset:${dataset.id}`;
    const { epoch, seq } = changes.events().at(-1) ?? changes.answer;

    await ann.call(`/api/v1/datasets/${dataset.id}`, { method: "DELETE" });
    const deleted = await changes.until(({ type }) => type === "dataset.deleted", "the deletion");
    const late = await record(ann.socket(cluster.url(0)), channel, { epoch, seq });
    const newcomer = ann.request(ann.socket(cluster.url(1)), "channel:subscribe", { channel });

    expect((deleted.data as Dataset).id).toBe(dataset.id);
    expect(late.answer).toMatchObject({ recovered: true, events: [deleted], snapshot: null });
    await expect(newcomer).rejects.toMatchObject({ code: "not_found" });
  });
});

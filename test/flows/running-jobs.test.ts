import { beforeAll, describe, expect, it } from "@jest/globals";
import type { DataRecord } from "../../protocol/datasets.ts";
import type { Job } from "../../protocol/jobs.ts";
import type { Page } from "../../protocol/pages.ts";
import type { TestClient } from "../support/client.ts";
import { makeCsv, makeCsvWithRejects } from "./support/csv.ts";
import { expectProblem } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { watch } from "./support/watch.ts";

const rows = 150_000;
const cluster = shareCluster({ api: 2, workers: 1 });

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

const act = (id: string, verb: "cancel" | "retry", node = 0) =>
  ann.call<Job>(`/api/v1/jobs/${id}/${verb}`, { method: "POST" }, cluster().url(node));
const numbersIn = async (collection: string) => {
  const found = cluster().mongo.collection<{ _id: number }>(collection).find();
  return (await found.project({ _id: 1 }).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
};
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);

/** Starts a long import and waits until some of its rows are in. */
async function importPartly(text: string) {
  const { body } = await ann.upload(text);
  const channel = await watch(ann, `job:${body.job.id}`);
  await channel.until(
    ({ type, data }) => type === "job.progress" && "progress" in data && data.progress.rowsRead > 0,
  );
  return { ...body, channel };
}

/** What is stored, what the dataset says and what a page says about one import. */
async function look(id: string) {
  const dataset = await ann.dataset(id);
  const page = await ann.call<Page<DataRecord>>(`/api/v1/datasets/${id}/records?limit=1`);
  return {
    dataset,
    records: await numbersIn(`records_${id}`),
    rejects: await numbersIn(`rejects_${id}`),
    total: page.body.total.count,
  };
}

describe("an import that is cancelled while it runs", () => {
  it("keeps the rows that it reports, and a retry gets all the others", async () => {
    const { job, dataset, channel } = await importPartly(makeCsvWithRejects(rows));

    const asked = await act(job.id, "cancel", 1);
    const again = await act(job.id, "cancel");
    const final = await channel.until(({ type }) => type === "job.cancelled");
    const kept = await look(dataset.id);
    const late = await act(job.id, "cancel");

    const cancelled = final.data as Job;
    const { rowsRead, rowsImported, rowsRejected, percent } = cancelled.progress;
    expect([asked.status, again.status, late.status]).toEqual([202, 202, 202]);
    expect(late.body).toEqual(cancelled);
    expect(rowsRead).toBeLessThan(rows);
    expect(percent).toBeLessThan(100);
    expect(kept.records).toEqual(upTo(rowsRead).filter((row) => row % 10 !== 0));
    expect(kept.rejects).toEqual(upTo(rowsRead).filter((row) => row % 10 === 0));
    expect(kept.dataset).toMatchObject({
      status: "partial",
      rows: rowsImported,
      rejected: rowsRejected,
    });
    expect(kept.total).toBe(rowsImported);

    const retried = await act(job.id, "retry");
    const done = (await channel.until(({ type }) => type === "job.completed")).data as Job;
    const all = await look(dataset.id);

    expect(retried.body).toMatchObject({ state: "queued", run: 2, attempt: 0, finishedAt: null });
    expect(retried.body.progress.rowsRead).toBe(rowsRead);
    expect(done).toMatchObject({ run: 2, attempt: 1 });
    expect(done.result).toMatchObject({
      rowsRead: rows,
      rowsImported: rows * 0.9,
      rowsRejected: rows * 0.1,
    });
    expect(all.records).toEqual(upTo(rows).filter((row) => row % 10 !== 0));
    expect(all.rejects).toEqual(upTo(rows).filter((row) => row % 10 === 0));
    expect(all.dataset).toMatchObject({ status: "ready", rows: rows * 0.9, rejected: rows * 0.1 });
    expect(channel.events.filter(({ type }) => /cancelled|completed/.test(type))).toHaveLength(2);
    expect(findStepsBack(channel.events.map(({ data }) => data as Job))).toEqual([]);
  });

  it("can't be retried while it runs, nor cancelled or retried once it is completed", async () => {
    const { job, channel } = await importPartly(makeCsv(rows));

    const early = await act(job.id, "retry");
    await channel.until(({ type }) => type === "job.completed");
    const late = [await act(job.id, "retry"), await act(job.id, "cancel", 1)];

    for (const answer of [early, ...late]) expectProblem(answer, "conflict");
    expect((await ann.call<Job>(`/api/v1/jobs/${job.id}`)).body.state).toBe("completed");
  });

  it("may be cancelled and retried again and again and still has each row once", async () => {
    const { job, dataset, channel } = await importPartly(makeCsv(rows));
    const isOver = ({ type }: { type: string }) => /cancelled|completed/.test(type);

    for (let run = 2; run <= 3; run++) {
      await act(job.id, "cancel", run % 2);
      const { type } = await channel.until(isOver);
      if (type === "job.completed") break;
      await act(job.id, "retry");
      await channel.until(
        ({ data }) => "run" in data && data.run === run && data.state === "running",
      );
    }
    const final = await ann.final(job.id);

    expect(final.state).toBe("completed");
    expect((await look(dataset.id)).records).toEqual(upTo(rows));
  });
});

/** Counters of one job in the order of its events that are lower than before. */
function findStepsBack(states: Job[]): string[] {
  const counters = ["bytesScanned", "bytesRead", "rowsRead", "rowsImported", "percent"] as const;
  return states.flatMap(({ progress }, i) => {
    const before = states[i - 1]?.progress;
    return counters.filter((counter) => before && progress[counter] < before[counter]);
  });
}

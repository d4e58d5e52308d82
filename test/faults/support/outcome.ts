import { expect } from "@jest/globals";
import type { Cluster } from "../../support/cluster.ts";
import { findBreaks, findSetbacks, isFinal } from "./judgement.ts";
import type { PreparedImport } from "./slow-import.ts";
import { readStoredJob } from "./stored-job.ts";
import { compareRows, readDataset, readRejects } from "./stored-rows.ts";

/** Each good row once, each broken one reported once, counters that add up, one story for all watchers. */
export async function expectExactImport(cluster: Cluster, given: PreparedImport): Promise<void> {
  const { file, job, dataset, recording, other } = given;
  const counts = { rowsRead: file.rows, rowsImported: file.good, rowsRejected: 300 };
  const stored = await readStoredJob(cluster, job.id);
  const events = recording.events();

  const asItShouldBe = { lost: [], foreign: [], wrong: [] };
  expect(await compareRows(cluster, dataset.id, file)).toEqual(asItShouldBe);
  expect(await readRejects(cluster, dataset.id)).toEqual(file.rejects);
  expect(stored).toMatchObject({ state: "completed", progress: counts, result: counts });
  const settled = { status: "ready", rows: file.good, rejected: 300 };
  expect(await readDataset(cluster, dataset.id)).toMatchObject(settled);

  expect(findBreaks(events)).toEqual([]);
  expect(findSetbacks(events)).toEqual([]);
  expect(events.filter(isFinal)).toEqual([events.at(-1)]);
  expect(events.at(-1)?.data).toEqual(stored);
  expect(other.events()).toEqual(events);
}

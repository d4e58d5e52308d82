import type { TestClient } from "../../support/client.ts";
import { judgeAgreement, judgeOrder, judgeRun } from "./judge-watchers.ts";
import { isFinal } from "./judgement.ts";
import { createOrdersFile } from "./orders-file.ts";
import type { Rig } from "./rig.ts";
import { readStoredJob } from "./stored-job.ts";
import { compareRows, readDataset, readRejects } from "./stored-rows.ts";
import { type Findings, join, noFindings, type Trial } from "./trial.ts";
import { type Watcher, watch } from "./watcher.ts";

type Size = { rows: number; broken: number };

/** 13 batches: enough for some to be on their way while others are acknowledged. */
const small: Size = { rows: 80_000, broken: 300 };
const large: Size = { rows: 400_000, broken: 3000 };

export const sizeOf = ({ isLarge }: Pick<Trial, "isLarge">): Size => (isLarge ? large : small);

/** Bytes a second and connection with which the load of so many rows takes about 5 s. */
export const stretched = ({ rows }: Size): number => rows * 8;

/** Uploads the reference file as a new user, watched through every node. */
export async function submitReference(rig: Rig, size: Size, given?: TestClient) {
  const ann = given ?? (await rig.signUp());
  const file = createOrdersFile(size.rows, size.broken);
  const answer = await ann.upload(file.text);
  if (answer.status !== 202) throw new Error(`not accepted: ${JSON.stringify(answer.body)}`);
  const { job, dataset } = answer.body;
  const watchers = rig.nodes.map((_, i) => watch(ann, rig.url(i), `job:${job.id}`));
  await Promise.all(
    watchers.map(({ untilSeen }) => untilSeen((seen) => seen[0], "an answer to a subscription")),
  );
  return {
    ann,
    file,
    job,
    dataset,
    watchers,
    /** Waits until every watcher has seen the end. */
    untilEnded: (seconds?: number) =>
      Promise.all(watchers.map(({ until }) => until(isFinal, "the end", seconds))),
  };
}

export type ReferenceImport = Awaited<ReturnType<typeof submitReference>>;

/** Rows, rejects, counters and statuses in the stores against the file that was sent. */
export async function judgeStored(
  rig: Rig,
  given: Pick<ReferenceImport, "file" | "job" | "dataset">,
): Promise<Findings> {
  const { cluster } = rig;
  const { file, job, dataset } = given;
  const found = noFindings();
  const { lost, foreign, wrong } = await compareRows(cluster, dataset.id, file);
  found.lost.push(...lost.map((row) => `row ${row}`));
  found.wrong.push(...foreign.map((row) => `row ${row} was never sent`));
  found.wrong.push(...wrong.map((row) => `row ${row} has other values`));

  const rejects = new Map((await readRejects(cluster, dataset.id)).map((one) => [one.row, one]));
  for (const expected of file.rejects) {
    const reject = rejects.get(expected.row);
    rejects.delete(expected.row);
    if (!reject) found.lost.push(`reject ${expected.row}`);
    else if (JSON.stringify(reject) !== JSON.stringify(expected)) {
      found.wrong.push(`reject ${expected.row} has other values`);
    }
  }
  for (const row of rejects.keys()) found.wrong.push(`reject ${row} was never sent`);

  const stored = await readStoredJob(cluster, job.id);
  const counts = [stored.progress.rowsImported, stored.progress.rowsRejected];
  const expected = [file.good, file.rejects.length];
  if (stored.state !== "completed") found.wrong.push(`the job is ${stored.state}`);
  if (`${counts}` !== `${expected}`) found.wrong.push(`counted ${counts}, not ${expected}`);
  const { rows, rejected, status } = await readDataset(cluster, dataset.id);
  if (`${[rows, rejected, status]}` !== `${[...expected, "ready"]}`) {
    found.wrong.push(`the dataset says ${[rows, rejected, status]}`);
  }
  return found;
}

/** The same, and that every watcher saw the whole story, once and in order. */
export async function judgeImport(rig: Rig, given: ReferenceImport): Promise<Findings> {
  const stored = await readStoredJob(rig.cluster, given.job.id);
  const told = given.watchers.map((watcher: Watcher, i) =>
    join(judgeOrder(watcher.seen, `watcher ${i}`), judgeRun(watcher.events(), stored)),
  );
  return join(await judgeStored(rig, given), judgeAgreement(given.watchers), ...told);
}

import type { Dataset } from "../../../protocol/datasets.ts";
import type { Job, Submitted } from "../../../protocol/jobs.ts";
import type { TestClient } from "../../support/client.ts";
import { patiently } from "./patience.ts";
import type { World } from "./world.ts";

export type Sample = { client: TestClient; dataset: Dataset; job: Job };

const rows = 300;
/** One that a careless pattern would take minutes to look through. */
const longText = `${"a".repeat(5000)}!`;

/** A file of 300 rows: a number, and texts that look like patterns. */
const sampleFile = `n,text\n${Array.from({ length: rows }, (_, i) => `${i},${textOf(i)}\n`).join("")}`;

function textOf(i: number): string {
  if (i === 7) return "(a+)+$";
  return i === 8 ? longText : `row ${i}`;
}

const samples = new WeakMap<World, Promise<Sample>>();

/** The same dataset of Ann's for every row that only reads. */
export function sampleOf(world: World): Promise<Sample> {
  const sample = samples.get(world) ?? importSample(world);
  samples.set(world, sample);
  return sample;
}

async function importSample(world: World): Promise<Sample> {
  const client = await world.newcomer();
  const { dataset, job } = await importAll(client, sampleFile);
  return { client, dataset, job };
}

/** Uploads a file and waits until its job has ended. */
export async function importAll(
  client: TestClient,
  bytes: string | Uint8Array<ArrayBuffer>,
  more: Parameters<TestClient["upload"]>[1] = {},
): Promise<Submitted> {
  const { status, body } = await patiently(() => client.upload(bytes, more));
  if (status !== 202) throw new Error(JSON.stringify(body));
  const job = await client.final(body.job.id);
  return { dataset: await client.dataset(body.dataset.id), job };
}

/** What became of an upload: the code of a refusal, or of the job's failure, or how many rows are in. */
export async function outcomeOf(
  client: TestClient,
  bytes: string | Uint8Array<ArrayBuffer>,
  more: Parameters<TestClient["upload"]>[1] = {},
): Promise<unknown> {
  const { status, body } = await patiently(() => client.upload(bytes, more));
  if (status !== 202) return (body as { code?: string }).code ?? status;
  const job = await client.final(body.job.id);
  return job.error?.code ?? [job.state, job.progress.rowsImported, job.progress.rowsRejected];
}

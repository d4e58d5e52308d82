import { orderExport } from "../../flows/support/exporting.ts";
import type { Answer, TestClient } from "../../support/client.ts";
import { type Sample, sampleOf } from "./dataset.ts";
import { inTurn, patiently } from "./patience.ts";
import { codeOf } from "./tokens.ts";
import type { World } from "./world.ts";

export type Found = { items: { row: number; values: Record<string, unknown> }[]; next: string };
export type Question = Record<string, string | number | object>;

export const pathOf = (datasetId: string, question: Question): string => {
  const texts = Object.entries(question).map(([key, value]): [string, string] => [
    key,
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
  return `/api/v1/datasets/${datasetId}/records?${new URLSearchParams(texts)}`;
};

/** Asks for records, and again once the index that the question needs is there. */
export async function askFor({ client, dataset }: Pick<Sample, "client" | "dataset">, q: Question) {
  const ask = () => patiently(() => client.call<Found>(pathOf(dataset.id, q)));
  const first = await ask();
  const { code, jobId } = Object(first.body) as { code?: string; jobId?: string };
  if (code !== "index_building" || !jobId) return first;
  await client.final(jobId);
  return ask();
}

/** What each of these questions is answered to somebody who may ask: the code, or the status. */
export async function codesOf(world: World, questions: Question[]): Promise<(string | number)[]> {
  const sample = await sampleOf(world);
  return inTurn(questions, async (question) => codeOf(await askFor(sample, question)));
}

export const rowsOf = ({ body }: Answer<Found>): number[] => body.items.map(({ row }) => row);

/** Orders an export of everything; waits for its file. */
export async function exportAll(client: TestClient, datasetId: string) {
  const { body } = await patiently(() => orderExport(client, datasetId, { format: "csv" }));
  const job = await client.final(body.job.id);
  if (!job.result || !("file" in job.result)) throw new Error(JSON.stringify(job));
  const answer = await fetch(new URL(job.result.file.url, client.url));
  return { answer, text: await answer.text(), file: job.result.file };
}

import type { ExportBody, ExportedFile } from "../../../protocol/exports.ts";
import type { Job } from "../../../protocol/jobs.ts";
import type { TestClient } from "../../support/client.ts";

type Options = { at?: string; headers?: Record<string, string> };

export const orderExport = (
  client: TestClient,
  datasetId: string,
  json: ExportBody,
  { at, headers = {} }: Options = {},
) =>
  client.call<{ job: Job }>(
    `/api/v1/datasets/${datasetId}/exports`,
    { method: "POST", json, headers },
    at,
  );

export function fileOf(job: Job): ExportedFile {
  if (!job.result || !("file" in job.result)) throw new Error(JSON.stringify(job));
  return job.result.file;
}

export const download = async (url: string, at: string): Promise<Buffer> =>
  Buffer.from(await (await fetch(new URL(url, at))).arrayBuffer());

/** Waits for an export that was ordered and fetches its file by the link. */
export async function fetchExport(client: TestClient, jobId: string) {
  const job = await client.final(jobId);
  const file = fileOf(job);
  const bytes = await download(file.url, client.url);
  return { job, file, bytes, lines: bytes.toString().split("\n").slice(0, -1) };
}

export async function exportRows(client: TestClient, datasetId: string, body: ExportBody) {
  const { status, body: answer } = await orderExport(client, datasetId, body);
  if (status !== 202) throw new Error(JSON.stringify(answer));
  return fetchExport(client, answer.job.id);
}

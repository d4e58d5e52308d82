import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { DataRecord, Reject } from "../../protocol/datasets.ts";
import type { Page } from "../../protocol/pages.ts";
import type { TestClient } from "../support/client.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import type { PeculiarFile } from "../support/peculiar-file.ts";
import { peculiarFiles } from "../support/peculiar-files.ts";

const types = { csv: "text/csv", ndjson: "application/x-ndjson" };

/** What became of a file, in the words of its expectation. */
async function importFile(ann: TestClient, { bytes, format, options }: PeculiarFile) {
  const query = options ? `&options=${encodeURIComponent(JSON.stringify(options))}` : "";
  const { status, body } = await ann.upload(Uint8Array.from(bytes), { type: types[format], query });
  if (status !== 202) return { status, body };
  const job = await ann.final(body.job.id);
  if (job.error) return { error: job.error.code };
  const at = `/api/v1/datasets/${body.dataset.id}`;
  const rejects = await readAll<Reject>(ann, `${at}/rejects`);
  return {
    columns: (await ann.dataset(body.dataset.id)).columns,
    records: await readAll<DataRecord>(ann, `${at}/records`),
    rejects: rejects.map(({ row, line, code }) => ({ row, line, code })),
    result: job.result,
  };
}

async function readAll<Item>(ann: TestClient, path: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query: string = cursor && `&cursor=${cursor}`;
    const { body } = await ann.call<Page<Item>>(`${path}?limit=200${query}`);
    items.push(...body.items);
    cursor = body.next;
  }
  return items;
}

function toOutcome({ expected }: PeculiarFile) {
  if ("error" in expected) return expected;
  const { columns, records, rejects } = expected;
  const rowsRead = records.length + rejects.length;
  const counts = { rowsRead, rowsImported: records.length, rowsRejected: rejects.length };
  const result = { ...counts, columns: columns.length, seconds: expect.any(Number) };
  return { columns, records, rejects, result };
}

describe("the import of a file with", () => {
  let cluster: Cluster;
  let ann: TestClient;
  beforeAll(async () => {
    cluster = await startCluster({ api: 1, workers: 1 });
    ann = await cluster.signUp();
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  it.each(peculiarFiles.map((file) => [file.name, file] as const))("%s", async (_name, file) => {
    expect(await importFile(ann, file)).toStrictEqual(toOutcome(file));
  });

  it("any of these ends no process", async () => {
    const processes = [...cluster.api, ...cluster.workers];

    const { status } = await ann.upload("a\n1\n");

    expect(status).toBe(202);
    expect(processes.map(({ child }) => child.exitCode ?? child.signalCode)).toEqual([null, null]);
  });
});

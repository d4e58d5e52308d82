import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { request } from "../../../client/request.ts";
import type { DataRecord } from "../../../protocol/datasets.ts";
import { finalStates, type Submitted } from "../../../protocol/jobs.ts";
import type { Page } from "../../../protocol/pages.ts";
import { createOrdersFile, orderOf } from "../support/orders-file.ts";
import type { Random } from "../support/random.ts";
import { judgeStored } from "../support/reference-import.ts";
import type { Rig } from "../support/rig.ts";
import { readStoredJob } from "../support/stored-job.ts";
import { type Findings, noFindings } from "../support/trial.ts";
import { watch } from "../support/watcher.ts";

const file = createOrdersFile(3000, 30);
/** With whatever is broken meanwhile. */
const longestMs = 120_000;

/** Somebody who imports, pages and deletes, over and over, sending again what was refused or cut off. */
export async function createPerson(rig: Rig, random: Random) {
  const client = await rig.signUp();
  const found = noFindings();
  const counts = { imports: 0, pages: 0, refused: 0 };
  const sockets = rig.nodes.map((_, i) => client.socket(rig.url(i)));
  const watchers = rig.nodes.map((_, i) => watch(client, rig.url(i), "jobs"));
  const anyUrl = () => rig.url(random.between(0, rig.nodes.length - 1));

  /** Sends again until the answer has the status `wanted`. */
  async function insist<T>(
    what: string,
    send: () => Promise<{ status: number; body: T }>,
    wanted: number,
  ) {
    const deadline = Date.now() + longestMs;
    for (;;) {
      const answer = await send().catch(() => null);
      if (answer?.status === wanted) return answer.body;
      counts.refused += 1;
      if (Date.now() > deadline)
        throw new Error(`${what} wasn't possible: ${JSON.stringify(answer)}`);
      await pause(500);
    }
  }

  async function submit(): Promise<Submitted> {
    const headers = { "Idempotency-Key": randomUUID() };
    return insist("an upload", () => client.upload(file.text, { headers, at: anyUrl() }), 202);
  }

  async function untilEnded(jobId: string): Promise<void> {
    const deadline = Date.now() + longestMs;
    while (!finalStates.includes((await readStoredJob(rig.cluster, jobId)).state)) {
      if (Date.now() > deadline) throw new Error(`the job ${jobId} comes to no end`);
      await pause(250);
    }
  }

  /** A page may be refused while a store is away; one that is given must be right. */
  async function readPages(datasetId: string): Promise<void> {
    let cursor: string | null = null;
    const seen: number[] = [];
    do {
      const query: { cursor?: string } = cursor ? { cursor } : {};
      const page = await readPage(datasetId, query);
      counts.pages += 1;
      for (const { row, values } of page.items) {
        seen.push(row);
        if (!isDeepStrictEqual(values, orderOf(row)))
          found.wrong.push(`row ${row} reads otherwise`);
      }
      cursor = page.next;
    } while (cursor);
    const repeated = seen.length - new Set(seen).size;
    if (repeated > 0) found.doubled.push(`${repeated} rows of ${datasetId} were shown again`);
    if (seen.length < file.good) found.lost.push(`${file.good - seen.length} rows weren't shown`);
  }

  function readPage(datasetId: string, query: { cursor?: string }): Promise<Page<DataRecord>> {
    const socket = random.next() < 0.5 ? random.pick(sockets) : null;
    const asked = new URLSearchParams({ limit: "200", ...query });
    const path = `/api/v1/datasets/${datasetId}/records?${asked}`;
    const send = async () => {
      if (!socket) return client.call<Page<DataRecord>>(path, {}, anyUrl());
      const body = await request(socket, "records:list", { datasetId, limit: 200, ...query });
      return { status: 200, body };
    };
    return insist("a page", send, 200);
  }

  async function importOnce(): Promise<void> {
    const { job, dataset } = await submit();
    await untilEnded(job.id);
    add(await judgeStored(rig, { file, job, dataset }));
    await readPages(dataset.id);
    const path = `/api/v1/datasets/${dataset.id}`;
    const remove = () => client.call(path, { method: "DELETE" }, anyUrl());
    await insist(
      "a deletion",
      async () => {
        const answer = await remove();
        // The answer to the first try may have been cut off.
        return { ...answer, status: answer.status === 404 ? 202 : answer.status };
      },
      202,
    );
    counts.imports += 1;
  }

  function add(more: Findings): void {
    for (const kind of ["lost", "doubled", "gaps", "wrong"] as const)
      found[kind].push(...more[kind]);
  }

  return {
    userId: client.user.id,
    found,
    counts,
    watchers,
    importOnce,
    async workUntil(isOver: () => boolean): Promise<void> {
      while (!isOver()) {
        await importOnce().catch((err: unknown) => found.lost.push(String(err)));
        await pause(random.between(500, 2000));
      }
    },
  };
}

export type Person = Awaited<ReturnType<typeof createPerson>>;

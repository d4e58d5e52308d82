import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { Job, Submitted } from "../protocol/jobs.ts";
import type { Page } from "../protocol/pages.ts";
import { startCluster } from "../test/support/cluster.ts";
import { redisPid } from "./measure.ts";

type RigOptions = {
  folder?: string;
  env?: Record<string, string>;
  workerEnv?: Record<string, string>;
  /** false: rates and such as no bench reaches */
  hasDefaultLimits?: boolean;
};

/** One API node, one worker (of this project or a copy), somebody signed in: what each bench works on. */
export async function startRig(options: RigOptions = {}) {
  const { folder, env = {}, workerEnv = {}, hasDefaultLimits = false } = options;
  const cluster = await startCluster({
    ...(folder && { folder }),
    api: 1,
    workers: 0,
    env: { ACCESS_TOKEN_TTL: "43200", LOG_LEVEL: "warn", ...env },
    hasDefaultLimits,
  });
  const worker = await cluster.start("worker", 0, workerEnv);
  const client = await cluster.signUp();
  const status = await cluster.mongo.db?.admin().serverStatus();
  const pids = {
    api: cluster.api[0]?.pid ?? 0,
    worker: worker.pid,
    mongod: Number(status?.pid),
    redis: await redisPid(cluster.redis),
  };

  async function upload(file: Readable, type = "text/csv"): Promise<Submitted> {
    const sent = httpRequest(`${cluster.url()}/api/v1/datasets?name=bench`, {
      method: "POST",
      headers: { Authorization: `Bearer ${client.token}`, "Content-Type": type },
    });
    const answered = once(sent, "response") as Promise<[IncomingMessage]>;
    const [[reply]] = await Promise.all([answered, pipeline(file, sent)]);
    const body = await text(reply);
    if (reply.statusCode !== 202) throw new Error(body);
    return JSON.parse(body);
  }

  async function importFile(file: Readable): Promise<Job> {
    const { job } = await upload(file);
    const final = await client.final(job.id);
    if (final.state !== "completed") throw new Error(JSON.stringify(final));
    return final;
  }

  return {
    cluster,
    client,
    worker,
    pids,
    upload,
    importFile,
    /** Imports a file and waits for its profile, too, which else is made beside what is measured next. */
    async importWhole(file: Readable): Promise<Job> {
      const final = await importFile(file);
      const { body } = await client.call<Page<Job>>("/api/v1/jobs?kind=profile");
      for (const { id, dataset } of body.items) {
        if (dataset.id === final.dataset.id) await client.final(id);
      }
      return final;
    },
    /** Drops a dataset's rows and file, and waits for it. */
    async remove(datasetId: string): Promise<void> {
      const path = `/api/v1/datasets/${datasetId}`;
      const { body } = await client.call<{ job: Job }>(path, { method: "DELETE" });
      await client.final(body.job.id);
    },
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

export type Rig = Awaited<ReturnType<typeof startRig>>;

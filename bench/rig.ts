import { Readable } from "node:stream";
import type { Job, Submitted } from "../protocol/jobs.ts";
import { startCluster } from "../test/support/cluster.ts";

/** One API node, one worker (of this project or a copy), somebody signed in: what each bench works on. */
export async function startRig(folder?: string) {
  const cluster = await startCluster({
    ...(folder && { folder }),
    api: 1,
    workers: 1,
    env: { ACCESS_TOKEN_TTL: "43200", LOG_LEVEL: "warn" },
  });
  const client = await cluster.signUp();
  const status = await cluster.mongo.db?.admin().serverStatus();
  const pids = {
    api: cluster.api[0]?.pid ?? 0,
    worker: cluster.workers[0]?.pid ?? 0,
    mongod: Number(status?.pid),
  };

  async function upload(file: Readable): Promise<Submitted> {
    // `duplex`, which Node asks for with a stream, is missing in its types.
    const init: RequestInit & { duplex: "half" } = {
      method: "POST",
      headers: {
        Authorization: `Bearer ${client.token}`,
        "Content-Type": "text/csv",
      },
      body: Readable.toWeb(file) as BodyInit,
      duplex: "half",
    };
    const reply = await fetch(`${cluster.url()}/api/v1/datasets?name=bench.csv`, init);
    if (reply.status !== 202) throw new Error(await reply.text());
    return (await reply.json()) as Submitted;
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
    pids,
    upload,
    importFile,
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

import { setTimeout as pause } from "node:timers/promises";
import type { Submitted } from "../../../protocol/jobs.ts";
import type { JobDocument } from "../../../server/jobs/job.model.ts";
import type { TestClient } from "../../support/client.ts";
import type { Cluster } from "../../support/cluster.ts";
import { createLookout } from "./lookout.ts";
import type { Random } from "./random.ts";
import type { Rig } from "./rig.ts";
import { type Findings, noFindings } from "./trial.ts";

const rows = 20;
const file = `a,b\n${Array.from({ length: rows }, (_, i) => `${i},x`).join("\n")}\n`;
const longestToEndSeconds = 60;

export type Submission = {
  node: number;
  begunAt: number;
  ms: number;
  /** null unless it was accepted */
  accepted: Submitted | null;
  /** `accepted`, an error's code, or what became of a call without an answer */
  said: string;
};

async function submit(client: TestClient, rig: Rig, node: number): Promise<Submission> {
  const begunAt = Date.now();
  const answer = await client.upload(file, { at: rig.url(node) }).catch(() => null);
  const ms = Date.now() - begunAt;
  if (answer?.status === 202) return { node, begunAt, ms, accepted: answer.body, said: "accepted" };
  const problem = answer?.body as { code?: string } | undefined;
  const said = problem?.code ?? (answer ? `status ${answer.status}` : "no answer");
  return { node, begunAt, ms, accepted: null, said };
}

type Options = { rig: Rig; clients: TestClient[]; everyMs: number; random: Random };

/** Submits a small file every `everyMs`, by all users in turns and over all nodes, until it is stopped. */
export function startSubmitting({ rig, clients, everyMs, random }: Options) {
  const sent: { node: number; answer: Promise<Submission> }[] = [];
  const open = new Set(rig.nodes.keys());
  let isOver = false;

  async function go(): Promise<void> {
    while (!isOver) {
      const node = random.pick([...open]);
      const client = clients[sent.length % clients.length] as TestClient;
      sent.push({ node, answer: submit(client, rig, node) });
      await pause(everyMs);
    }
  }
  const going = go();

  return {
    /** Sends this node nothing more; resolves when all that it was sent is answered. */
    async avoid(node: number): Promise<void> {
      open.delete(node);
      await Promise.all(sent.filter((one) => one.node === node).map(({ answer }) => answer));
    },
    async stop(): Promise<Submission[]> {
      isOver = true;
      await going;
      return Promise.all(sent.map(({ answer }) => answer));
    },
  };
}

/** What was accepted must end `completed` with its rows, what was refused must be `unavailable`. */
export async function judgeSubmissions(cluster: Cluster, sent: Submission[]): Promise<Findings> {
  const found = noFindings();
  for (const { said } of sent) {
    if (said !== "accepted" && said !== "unavailable") found.wrong.push(`a submission got ${said}`);
  }
  const accepted = sent.flatMap((one) => one.accepted ?? []);
  await untilAllEnded(cluster).catch((err: Error) => found.wrong.push(err.message));
  const jobs = await cluster.mongo.collection<JobDocument>("jobs").find().toArray();
  const known = new Map(jobs.map((job) => [job._id, job]));
  for (const { job, dataset } of accepted) {
    const { state, error } = known.get(job.id) ?? { state: "gone", error: null };
    const why = error ? ` (${error.code}: ${error.message})` : "";
    if (state !== "completed") found.lost.push(`job ${job.id} is ${state}${why}`);
    const stored = await cluster.mongo.collection(`records_${dataset.id}`).countDocuments();
    if (stored !== rows) found.lost.push(`${rows - stored} rows of job ${job.id}`);
  }
  if (accepted.length === 0) found.wrong.push("nothing was accepted at all");
  return found;
}

/** Resolves when no job waits or runs. */
export async function untilAllEnded(
  cluster: Cluster,
  seconds = longestToEndSeconds,
): Promise<void> {
  const jobs = cluster.mongo.collection<JobDocument>("jobs");
  const { tell, until } = createLookout();
  let left = -1;
  const count = async () => {
    left = await jobs.countDocuments({ state: { $in: ["queued", "running"] } });
    tell();
  };
  const changes = jobs.watch().on("change", count);
  // Between the first count and the stream's start nothing is seen: it is asked once more a second.
  const again = setInterval(count, 1000);
  try {
    await until(() => left === 0 || undefined, "the end of all jobs", seconds);
  } finally {
    clearInterval(again);
    await changes.close();
  }
}

import { setTimeout as pause } from "node:timers/promises";
import { finalStates } from "../../../protocol/jobs.ts";
import type { JobDocument } from "../../../server/jobs/job.model.ts";
import { startRedis } from "../../realtime/support/redis-process.ts";
import type { TestClient } from "../../support/client.ts";
import { createLookout } from "../support/lookout.ts";
import { type Rig, startRig } from "../support/rig.ts";
import { noFindings, type Promised } from "../support/trial.ts";

const users = 10;
const everyMs = 50;
/** What is promised, and what still tells a wait for Redis from a slow machine in the small tier. */
const longestAnswerMs = { large: 2000, small: 8000 };
const outageMs = 10_000;
const longestToFirstJobMs = 15_000;
const rows = 20;

type Submission = { jobId: string | null; datasetId: string | null; status: number; ms: number };

const file = `a,b\n${Array.from({ length: rows }, (_, i) => `${i},x`).join("\n")}\n`;

async function submit(client: TestClient, at: string): Promise<Submission> {
  const begun = performance.now();
  const answer = await client.upload(file, { at }).catch(() => null);
  const ms = Math.round(performance.now() - begun);
  if (answer?.status !== 202)
    return { jobId: null, datasetId: null, status: answer?.status ?? 0, ms };
  const { job, dataset } = answer.body;
  return { jobId: job.id, datasetId: dataset.id, status: 202, ms };
}

/** Twenty submissions a second, by all users in turns and over both nodes, until `isOver`. */
async function submitUntil(isOver: () => boolean, rig: Rig, clients: TestClient[]) {
  const sent: Promise<Submission>[] = [];
  while (!isOver()) {
    const client = clients[sent.length % clients.length] as TestClient;
    sent.push(submit(client, rig.url(sent.length % rig.nodes.length)));
    await pause(everyMs);
  }
  return Promise.all(sent);
}

export const redisDown: Promised = {
  id: "P8",
  title: "Redis down: nothing acknowledged is lost, callers hear at once, all resumes by itself",
  seeds: 10,
  mutants: [
    {
      what: "a submission waits for Redis as long as it takes",
      file: "server/jobs/dispatch.ts",
      from: "within(longestWaitMs, work).catch(() => {});",
      to: "within(60_000, work).catch(() => {});",
    },
    {
      what: "the sweeper issues no ticket again",
      file: "server/jobs/sweeper.ts",
      from: "if (!(await queue.issue(job))) return;",
      to: "if (job) return;",
    },
  ],
  async attack({ random, isLarge }) {
    const found = noFindings();
    await using redis = await startRedis();
    await using rig = await startRig({ workers: 2, servers: { REDIS_URL: redis.url } });
    const clients = await Promise.all(
      Array.from({ length: users }, (_, i) => rig.signUp(i % rig.nodes.length)),
    );
    const jobs = rig.cluster.mongo.collection<JobDocument>("jobs");
    const pids = () => [...rig.nodes, ...rig.workers].map(({ process }) => process.child.exitCode);
    const { tell, until } = createLookout();
    const changes = jobs.watch().on("change", tell);

    let isOver = false;
    const submitting = submitUntil(() => isOver, rig, clients);
    await pause(random.between(500, 1500));
    await redis.kill();
    const downAt = Date.now();
    await pause(outageMs);
    await redis.start();
    const upAt = Date.now();
    await pause(2000);
    isOver = true;
    const sent = await submitting;

    const accepted = sent.filter(({ jobId }) => jobId !== null);
    for (const { status, ms } of sent) {
      if (status !== 202 && status !== 503) found.wrong.push(`a submission got ${status}`);
      if (ms > (isLarge ? longestAnswerMs.large : longestAnswerMs.small))
        found.wrong.push(`an answer (${status}) took ${ms} ms`);
    }
    if (!accepted.some(({ ms }) => ms > 0)) found.wrong.push("nothing was accepted at all");

    let left = -1;
    const count = async () => {
      left = await jobs.countDocuments({ state: { $nin: [...finalStates] } });
      tell();
    };
    changes.on("change", count);
    await count();
    await until(() => left === 0 || undefined, "the end of all jobs", 120);
    await changes.close();

    const ended = await jobs.find().toArray();
    const states = new Map(ended.map((job) => [job._id, job]));
    for (const { jobId, datasetId } of accepted) {
      const job = states.get(jobId ?? "");
      if (!job) found.lost.push(`job ${jobId}`);
      else if (job.state !== "completed") found.lost.push(`job ${jobId} is ${job.state}`);
      const stored = await rig.cluster.mongo.collection(`records_${datasetId}`).countDocuments();
      if (stored !== rows) found.lost.push(`${rows - stored} rows of job ${jobId}`);
    }
    if (states.size > sent.length) found.doubled.push(`${states.size} jobs of ${sent.length}`);
    if (pids().some((code) => code !== null)) found.wrong.push("a process has ended");

    const finishes = ended.flatMap(({ finishedAt }) => (finishedAt ? [finishedAt.getTime()] : []));
    const first = Math.min(...finishes.filter((at) => at > upAt));
    if (first - upAt > longestToFirstJobMs) {
      found.wrong.push(`the first job was done ${first - upAt} ms after Redis was back`);
    }
    const isHit =
      sent.length > accepted.length ||
      ended.some(({ createdAt }) => createdAt.getTime() > downAt && createdAt.getTime() < upAt);
    if (!isHit) found.wrong.push("nothing was submitted while Redis was down");
    return { ...found, faults: 1, recoveryMs: [first - upAt] };
  },
};

import { setTimeout as pause } from "node:timers/promises";
import type { JobDocument } from "../../../server/jobs/job.model.ts";
import { startRedis } from "../../realtime/support/redis-process.ts";
import { type Member, startRig } from "../support/rig.ts";
import { judgeSubmissions, startSubmitting } from "../support/submissions.ts";
import type { Promised } from "../support/trial.ts";

const users = 10;
const everyMs = 50;
/** What is promised, and what still tells a wait for Redis from a slow machine in the small tier. */
const longestAnswerMs = { large: 2000, small: 8000 };
const outageMs = 10_000;
const longestToFirstJobMs = 15_000;

const hasEnded = ({ process: { child } }: Member) =>
  child.exitCode !== null || child.signalCode !== null;

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
    {
      what: "a process gives up looking for Redis",
      file: "server/infrastructure/redis.ts",
      from: "retryStrategy: (attempt) => Math.min(attempt * 50, longestRetryMs),",
      to: "retryStrategy: (attempt) => (attempt > 5 ? null : Math.min(attempt * 50, longestRetryMs)),",
    },
  ],
  async attack({ random, isLarge }) {
    const wrong: string[] = [];
    await using redis = await startRedis();
    await using rig = await startRig({ workers: 2, servers: { REDIS_URL: redis.url } });
    const clients = await Promise.all(
      Array.from({ length: users }, (_, i) => rig.signUp(i % rig.nodes.length)),
    );
    const members = [...rig.nodes, ...rig.workers];

    const submitting = startSubmitting({ rig, clients, everyMs, random });
    await pause(random.between(500, 1500));
    await redis.kill();
    const downAt = Date.now();
    await pause(outageMs - 1000);
    // The tickets that Redis couldn't take are in the memory of the nodes; one of them loses it.
    const victim = random.between(0, rig.nodes.length - 1);
    await submitting.avoid(victim);
    const ended = members.filter(hasEnded).map(({ name }) => name);
    await rig.nodes[victim]?.kill();
    await pause(1000);
    await redis.start();
    const upAt = Date.now();
    await rig.nodes[victim]?.restart();
    await pause(2000);
    const sent = await submitting.stop();

    const findings = await judgeSubmissions(rig.cluster, sent);
    const longest = isLarge ? longestAnswerMs.large : longestAnswerMs.small;
    for (const { said, ms } of sent) {
      if (ms > longest) wrong.push(`an answer (${said}) took ${ms} ms`);
    }
    ended.push(...members.filter(hasEnded).map(({ name }) => name));
    if (ended.length > 0) wrong.push(`ended by themselves: ${ended}`);

    const stored = rig.cluster.mongo.collection<JobDocument>("jobs");
    const jobs = await stored.find({ kind: "import" }).toArray();
    if (jobs.length > sent.length) findings.doubled.push(`${jobs.length} jobs of ${sent.length}`);
    const finishes = jobs.flatMap(({ finishedAt }) => (finishedAt ? [finishedAt.getTime()] : []));
    const recoveryMs = Math.min(...finishes.filter((at) => at > upAt)) - upAt;
    if (recoveryMs > longestToFirstJobMs) {
      wrong.push(`the first job was done ${recoveryMs} ms after Redis was back`);
    }
    const hit = sent.filter(
      ({ node, accepted, begunAt }) =>
        node === victim && accepted && begunAt > downAt && begunAt < upAt,
    );
    if (hit.length === 0) wrong.push("the killed node had accepted nothing while Redis was down");
    findings.wrong.push(...wrong);
    return { ...findings, faults: 2, recoveryMs: recoveryMs < Infinity ? [recoveryMs] : [] };
  },
};

import { setTimeout as pause } from "node:timers/promises";
import { startRedis } from "../../realtime/support/redis-process.ts";
import { hasRows, isFinal } from "../support/judgement.ts";
import { judgeImport, sizeOf, stretched, submitReference } from "../support/reference-import.ts";
import { startRig } from "../support/rig.ts";
import { readStoredJob } from "../support/stored-job.ts";
import type { Promised } from "../support/trial.ts";
import type { Seen } from "../support/watcher.ts";

const longestToNewEpochMs = 15_000;
const longestToEndSeconds = 60;
/** The one that lost its ticket, and one more. */
const mostAttempts = 2;

const epochOf = (item: Seen | undefined) => (item?.kind === "snapshot" ? item.epoch : undefined);

export const redisForgets: Promised = {
  id: "P6",
  title: "if Redis loses its data nobody trusts an old position, and no job is lost",
  seeds: 10,
  mutants: [
    {
      what: "an epoch that stays the same",
      file: "server/infrastructure/channel-scripts.ts",
      from: "epoch, seq = node .. ARGV[1], 0",
      to: "epoch, seq = node .. 'always', 0",
    },
    {
      what: "the sweeper issues no ticket again",
      file: "server/jobs/sweeper.ts",
      from: "if (!(await queue.issue(job))) return;",
      to: "if (job) return;",
    },
    {
      what: "two attempts of one worker share the lock of a ticket that was issued again",
      file: "server/jobs/ticket-worker.ts",
      from: "if (held) return share(held);",
      to: "if (held) held.renewedAt = Date.now();",
    },
  ],
  async attack({ random, isLarge }) {
    const size = sizeOf({ isLarge });
    await using redis = await startRedis();
    await using rig = await startRig({ servers: { REDIS_URL: redis.url } });
    const given = await submitReference(rig, size);
    const [first] = given.watchers;
    if (!first) throw new Error("nobody watches");
    const worker = await rig.addWorker();
    worker.mongo?.toServer.set({ bytesPerSecond: stretched(size) / 2 });
    await first.until(hasRows, "rows");
    await pause(random.between(0, 1000));

    const wasOver = first.events().some(isFinal);
    const isFlushed = random.next() < 0.5;
    if (isFlushed) {
      await rig.cluster.redis.flushall();
    } else {
      await redis.kill();
      await redis.forget();
      await redis.start();
    }
    const lostAt = Date.now();
    // Who isn't told in time is a finding, not an attack that came to no end.
    await given.untilEnded(longestToEndSeconds).catch(() => {});

    const findings = await judgeImport(rig, given);
    if (wasOver) findings.wrong.push("the import had ended before Redis lost its data");
    const { attempt } = await readStoredJob(rig.cluster, given.job.id);
    if (attempt > mostAttempts) findings.wrong.push(`it took ${attempt} attempts`);
    const recoveryMs = given.watchers.map(({ seen }) => {
      const isNew = (item: Seen) =>
        item.kind === "snapshot" && !item.recovered && item.epoch !== epochOf(seen[0]);
      return (seen.find(isNew)?.seenAt ?? Number.POSITIVE_INFINITY) - lostAt;
    });
    for (const ms of recoveryMs) {
      if (ms > longestToNewEpochMs) findings.wrong.push(`a new epoch after ${ms} ms`);
    }
    return { ...findings, faults: 1, recoveryMs };
  },
};

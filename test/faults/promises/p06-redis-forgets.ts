import { setTimeout as pause } from "node:timers/promises";
import { startRedis } from "../../realtime/support/redis-process.ts";
import { hasRows } from "../support/judgement.ts";
import { judgeImport, sizeOf, stretched, submitReference } from "../support/reference-import.ts";
import { startRig } from "../support/rig.ts";
import type { Promised } from "../support/trial.ts";
import type { Seen } from "../support/watcher.ts";

const longestToNewEpochMs = 15_000;

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

    const isFlushed = random.next() < 0.5;
    if (isFlushed) {
      await rig.cluster.redis.flushall();
    } else {
      await redis.kill();
      await redis.forget();
      await redis.start();
    }
    const lostAt = Date.now();
    const told = await Promise.all(
      given.watchers.map(({ seen, untilSeen }) => {
        const isNew = (item: Seen) =>
          item.kind === "snapshot" && !item.recovered && item.epoch !== epochOf(seen[0]);
        return untilSeen((items) => items.find(isNew), "a new epoch");
      }),
    );
    await given.untilEnded(60);

    const findings = await judgeImport(rig, given);
    const recoveryMs = told.map(({ seenAt }) => seenAt - lostAt);
    for (const ms of recoveryMs) {
      if (ms > longestToNewEpochMs) findings.wrong.push(`a new epoch after ${ms} ms`);
    }
    return { ...findings, faults: 1, recoveryMs };
  },
};

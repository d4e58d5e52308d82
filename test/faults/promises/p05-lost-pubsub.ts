import { setTimeout as pause } from "node:timers/promises";
import { startRedis } from "../../realtime/support/redis-process.ts";
import { countSnapshots } from "../support/judge-watchers.ts";
import { hasRows, isFinal } from "../support/judgement.ts";
import { record } from "../support/recording.ts";
import { judgeImport, sizeOf, stretched, submitReference } from "../support/reference-import.ts";
import { startRig } from "../support/rig.ts";
import type { Promised } from "../support/trial.ts";

const longestToCompleteMs = 10_000;

export const lostPubSub: Promised = {
  id: "P5",
  title: "what pub/sub loses on a live connection is noticed and repaired",
  seeds: 10,
  mutants: [
    {
      what: "no node says how far its channels have got",
      file: "server/realtime/positions.ts",
      from: "if (position && watched.get(entry.channel.room) === entry) tell(entry, position);",
      to: "if (!position) tell(entry, position);",
    },
  ],
  async attack({ random, isLarge }) {
    const size = sizeOf({ isLarge });
    const kills = isLarge ? 20 : 6;
    await using redis = await startRedis();
    await using rig = await startRig({ servers: { REDIS_URL: redis.url } });
    const given = await submitReference(rig, size);
    const [first] = given.watchers;
    if (!first) throw new Error("nobody watches");
    // Follows no rule: what it lacks at the end was really lost on the way.
    const naive = await record(given.ann.socket(rig.url(0)), `job:${given.job.id}`);
    const worker = await rig.addWorker();
    worker.mongo?.toServer.set({ bytesPerSecond: stretched(size) });
    await first.until(hasRows, "rows");

    let cut = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      cut += Number(await rig.cluster.redis.call("CLIENT", "KILL", "TYPE", "pubsub"));
      await pause(random.between(20, 200));
    }
    // The rest of the story, its end included, is told while no node hears any of it.
    for (const node of rig.nodes) node.redis.toClient.set({ isStalled: true });
    worker.mongo?.toServer.clear();
    await pause(isLarge ? 15_000 : 6000);
    for (const node of rig.nodes) {
      node.redis.cut();
      node.redis.toClient.set({ isStalled: false });
    }
    const healedAt = Date.now();
    // Whoever isn't told in time is a finding, not an attack that came to no end.
    await given.untilEnded(3 * (longestToCompleteMs / 1000)).catch(() => {});

    const findings = await judgeImport(rig, given);
    const recoveryMs = given.watchers.map(({ seen }) => {
      const end = seen.find((item) => item.kind === "event" && isFinal(item.event));
      return (end?.seenAt ?? Number.POSITIVE_INFINITY) - healedAt;
    });
    for (const ms of recoveryMs) {
      if (ms > longestToCompleteMs) findings.wrong.push(`complete ${ms} ms after healing`);
      if (ms < 0) findings.wrong.push("the end was told before the line was healed");
    }
    if (cut < kills) findings.wrong.push(`only ${cut} connections were there to be cut`);
    if (naive.events().length >= first.events().length) findings.wrong.push("nothing was lost");
    const anew = given.watchers.filter(({ seen }) => countSnapshots(seen) > 0).length;
    if (anew > 0) findings.gaps.push(`${anew} watchers had to begin anew`);
    return { ...findings, faults: cut + rig.nodes.length, recoveryMs };
  },
};

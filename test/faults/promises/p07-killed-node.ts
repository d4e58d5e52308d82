import { setTimeout as pause } from "node:timers/promises";
import { gatherCrowd } from "../support/crowd.ts";
import { feelPulse, judgePulse, withPulse } from "../support/pulse.ts";
import { startRig } from "../support/rig.ts";
import { type Findings, join, noFindings, type Promised } from "../support/trial.ts";
import type { Seen, Watcher } from "../support/watcher.ts";

const longestRecoveryMs = 10_000;
const leastShare = 0.99;
/** What is promised; the small tier, among other tests on a busy machine, leaves more room. */
const longestDelayMs = { large: 200, small: 400 };

export const killedNode: Promised = {
  id: "P7",
  title: "the death of an API node is a blip",
  seeds: 10,
  mutants: [
    {
      what: "a client that lost its connection stays away",
      file: "client/connect.ts",
      from: "    ...backoff,\n",
      to: "    ...backoff,\n    reconnection: false,\n",
    },
    {
      what: "a recovery begins at the newest event",
      file: "server/realtime/channels.ts",
      from: "log.read(ref, after)",
      to: "log.read(ref)",
    },
    {
      what: "a handshake in four keeps its node busy for half a second",
      file: "server/realtime/handshake.ts",
      from: "refuseTokenInQuery(socket.handshake.query);",
      to: "for (const until = Date.now() + (Math.random() < 0.25 ? 500 : 0); Date.now() < until; );",
    },
  ],
  async attack({ random, isLarge }) {
    await using rig = await startRig({ workers: 1, env: { LIMIT_JOBS: "100000", ...withPulse } });
    const crowd = await gatherCrowd(rig, isLarge ? 500 : 120);
    const [victim, survivor] = random.next() < 0.5 ? [0, 1] : [1, 0];
    const dying = rig.nodes[victim];
    const other = rig.nodes[survivor];
    if (!dying?.front || !other?.process.url) throw new Error("there aren't two nodes");
    crowd.beginUploads(survivor);
    const pulse = await feelPulse(other);
    await pause(random.between(1000, 3000));

    const orphans = crowd.watchersAt(victim);
    const killedAt = Date.now();
    await dying.kill();
    // A balancer needs a moment to notice; meanwhile somebody misses something.
    await crowd.untilTold(survivor, killedAt);
    dying.front.leadTo(other.process.url);
    await dying.restart();
    const returns = await Promise.all(orphans.map((watcher) => untilBack(watcher, killedAt)));
    await pause(killedAt + longestRecoveryMs - Date.now());
    const felt = await pulse.stop();

    const back = orphans.filter((_, i) => returns[i]);
    const told = await crowd.end(new Set([...back, ...crowd.watchersAt(survivor)]));
    const recoveryMs = returns.map((item) => (item?.seenAt ?? Number.POSITIVE_INFINITY) - killedAt);
    const findings = join(
      told,
      judgeReturns(recoveryMs),
      judgePulse(felt, isLarge ? longestDelayMs.large : longestDelayMs.small),
    );
    const caughtUp = returns.filter((item) => item?.kind === "recovered" && item.events > 0);
    if (caughtUp.length === 0) findings.wrong.push("nobody had anything to catch up with");
    return { ...findings, faults: 1, recoveryMs };
  },
};

/** The first answer to a subscription since then; null if none comes. */
const untilBack = (watcher: Watcher, since: number): Promise<Seen | null> =>
  watcher
    .untilSeen(
      (seen) => seen.find(({ kind, seenAt }) => kind !== "event" && seenAt > since),
      "the way back",
      1.5 * (longestRecoveryMs / 1000),
    )
    .catch(() => null);

function judgeReturns(recoveryMs: readonly number[]): Findings {
  const found = noFindings();
  const inTime = recoveryMs.filter((ms) => ms <= longestRecoveryMs).length;
  if (inTime < leastShare * recoveryMs.length) {
    found.wrong.push(`${inTime} of ${recoveryMs.length} sockets were back in time`);
  }
  return found;
}

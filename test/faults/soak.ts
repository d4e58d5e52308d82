import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startRedis } from "../realtime/support/redis-process.ts";
import { findTrends, formatTrends, type Sample, takeSample } from "./soak/gauges.ts";
import { judgeWatchers } from "./soak/judge-watchers.ts";
import { createPerson } from "./soak/person.ts";
import { createFaults } from "./soak/random-fault.ts";
import { createRandom } from "./support/random.ts";
import { startRig } from "./support/rig.ts";
import { explain } from "./support/scoreboard.ts";
import { join } from "./support/trial.ts";

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "30" }, seed: { type: "string" } },
});
const totalMs = Number(values.minutes) * 60_000;
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const faultEveryMs = 30_000;
/** Short runs look more often, so that there are thirds to compare. */
const sampleEveryMs = Math.min(60_000, totalMs / 12);
/** What is filled once, such as pools, caches and the heaps themselves, isn't growth. */
const warmUp = 0.2;
const people = 3;
/** Imports take a second or two, so that faults find some under way. */
const bytesPerSecond = 300_000;

const random = createRandom(seed);
console.log(`${values.minutes} minutes, seed ${seed}`);
await using redis = await startRedis();
await using rig = await startRig({ workers: 2, servers: { REDIS_URL: redis.url } });
for (const { mongo } of rig.workers) mongo?.toServer.set({ bytesPerSecond });
const crowd = await Promise.all(Array.from({ length: people }, () => createPerson(rig, random)));

const begun = Date.now();
const isOver = () => Date.now() - begun > totalMs;
const clock = () => `${Math.round((Date.now() - begun) / 1000)} s`.padStart(7);
const samples: Sample[] = [];
let faults = 0;

async function strikeOnAndOn(): Promise<void> {
  const { strike } = createFaults(rig, random);
  for (let next = begun + faultEveryMs; ; next += faultEveryMs) {
    await pause(Math.max(0, next - Date.now()));
    if (isOver()) return;
    console.log(`${clock()}  ${await strike()}`);
    faults += 1;
  }
}

async function lookOnAndOn(): Promise<void> {
  for (; !isOver(); await pause(sampleEveryMs)) {
    const sample = await takeSample(rig);
    if (sample.at - begun > warmUp * totalMs) samples.push(sample);
  }
}

const working = crowd.map(({ workUntil }) => workUntil(isOver));
await Promise.all([...working, strikeOnAndOn(), lookOnAndOn()]);
// With everything whole again each has to come through, and everybody to hear of it.
await Promise.all(crowd.map(({ importOnce }) => importOnce()));
const told = await Promise.all(crowd.map((person) => judgeWatchers(rig, person)));

const findings = join(...crowd.map(({ found }) => found), ...told);
const broken = explain({ id: "soak", seed, verdict: { ...findings, faults, recoveryMs: [] } });
const trends = findTrends(samples);
const sum = (kind: "imports" | "pages" | "refused") =>
  crowd.reduce((total, { counts }) => total + counts[kind], 0);
console.log(`\n${formatTrends(trends)}\n`);
console.log(
  `${sum("imports")} imports, ${sum("pages")} pages, ${faults} faults, ${sum("refused")} requests sent again`,
);
for (const words of broken.slice(0, 50)) console.log(`  ${words}`);
const isGood = broken.length === 0 && !trends.some(({ isGrown }) => isGrown);
console.log(isGood ? "nothing lost, nothing grown" : "BROKEN");
process.exitCode = isGood ? 0 : 1;

import { setTimeout as pause } from "node:timers/promises";
import { startProgram } from "../../../bench/program.ts";
import { type Held, measureProcess } from "../../flows/support/memory.ts";
import { startCluster } from "../../support/cluster.ts";
import type { Onslaught, Outcome } from "../support/bad-clients-process.ts";
import { startUsers } from "../support/normal-users.ts";
import { noFindings, type Promised } from "../support/trial.ts";

const headerSeconds = 5;
/** Node looks for late headers every 5 s. */
const latestMs = (headerSeconds + 5 + 2) * 1000;
/** Below this nobody minds; the small tier, among other tests on a busy machine, judges no times. */
const unhurriedMs = { large: 50, small: Number.POSITIVE_INFINITY };
/** On top of a tenth, in the small tier: heap and pools haven't grown before, and have no minute to calm down. */
const slack = {
  large: { megabytes: 0, descriptors: 0 },
  small: { megabytes: 40, descriptors: 20 },
};
/** Before and after alike. */
const calmMs = { large: 60_000, small: 5000 };
const sampleMs = 500;

const jobs = "/api/v1/jobs";

const sizes = {
  large: { readers: 50, flooders: 20, trickles: 200, users: 100, events: 900 },
  small: { readers: 8, flooders: 3, trickles: 30, users: 15, events: 900 },
};

export const badClients: Promised = {
  id: "P15",
  title: "one bad client costs only itself",
  seeds: 3,
  mutants: [
    {
      what: "nobody minds what waits for a reader",
      file: "server/realtime/outbound.ts",
      from: "if (isOver(most)) cut();",
      to: "",
    },
    {
      what: "a flood is answered for as long as it lasts",
      file: "server/realtime/flood.ts",
      from: "if (patience.isOver()) socket.terminate();",
      to: "if (patience.isOver()) return;",
    },
    {
      what: "headers may take their time",
      file: "server/api.ts",
      from: "limits.headerSeconds * 1000,",
      to: "3_600_000,",
    },
  ],
  async attack({ isLarge }) {
    const tier = isLarge ? "large" : "small";
    const size = sizes[tier];
    const found = noFindings();
    await using cluster = await startCluster({
      hasDefaultLimits: true,
      env: {
        LIMIT_LOGIN_PER_MINUTE: "100000",
        LIMIT_HEADER_SECONDS: String(headerSeconds),
        ACCESS_TOKEN_TTL: "3600",
      },
    });
    const [node] = cluster.api;
    if (!node) throw new Error("no node");
    const signUp = (count: number) =>
      Promise.all(Array.from({ length: count }, () => cluster.signUp()));
    const people = await signUp(size.users);
    const floods = await signUp(size.flooders);
    const [reader] = await signUp(1);
    const read = await reader?.upload("id\n1\n");
    if (!reader || !read) throw new Error("nobody to read");
    const uploads = await Promise.all(people.map((one) => one.upload("id,name\n1,a\n2,b\n")));
    const users = startUsers(
      people,
      uploads.map(({ body }) => body.dataset.id),
    );
    await using attackers = await startProgram("test/faults/support/bad-clients-process.ts", {});

    // As busy as it gets, so that heap and pools have grown before they are measured.
    for (let i = 0; i < 20; i += 1) await Promise.all(people.map((one) => one.call(jobs)));
    users.look();
    const held = await leastHeld(node.pid, calmMs[tier]);
    const before = { ...users.look(), ...held };
    const outcome = (await attackers.ask({
      url: cluster.url(),
      reader: { url: reader.url, token: reader.token },
      jobId: read.body.job.id,
      readers: size.readers,
      events: size.events,
      flooders: floods.map(({ url, token }) => ({ url, token })),
      trickles: size.trickles,
      redisUrl: cluster.settings.REDIS_URL,
      settings: { REDIS_PREFIX: cluster.settings.REDIS_PREFIX },
    } satisfies Onslaught)) as Outcome;
    const during = users.look();
    const { lasted, closed, refused } = outcome;
    const slow = node.output().matchAll(/.*"event":"slow_consumer".*/g);
    const cut = [...slow].filter(([line]) => line.includes(reader.user.id)).length;
    const after = await leastHeld(node.pid, calmMs[tier]);
    await users.stop();

    const mostP95 = Math.max(2 * before.p95, unhurriedMs[tier]);
    const { wrong } = found;
    if (cut < size.readers) wrong.push(`${cut} of ${size.readers} deaf readers were cut off`);
    if (closed < size.flooders) wrong.push(`${closed} of ${size.flooders} floods were ended`);
    if (refused < size.flooders) wrong.push(`${refused} of ${size.flooders} floods were refused`);
    const late = lasted.filter((ms) => ms > latestMs).length;
    if (late > 0) wrong.push(`${late} of ${size.trickles} trickles stayed too long`);
    for (const { message } of users.failures) wrong.push(`somebody's page failed: ${message}`);
    if (during.p95 > mostP95) {
      wrong.push(`p95 of others ${Math.round(before.p95)} ms, then ${Math.round(during.p95)}`);
    }
    for (const what of ["megabytes", "descriptors"] as const) {
      if (after[what] > 1.1 * before[what] + slack[tier][what]) {
        wrong.push(`${what}: ${before[what]}, then ${after[what]}`);
      }
    }
    const faults = size.readers + size.flooders + size.trickles;
    const measured = [
      `p95 of ${before.count} pages ${ms(before.p95)} ms before, of ${during.count} during it ${ms(during.p95)}`,
      `MB ${before.megabytes}, then ${after.megabytes}; descriptors ${before.descriptors}, then ${after.descriptors}`,
      `${outcome.requestsSent} requests of floods in ${outcome.seconds.toFixed(0)} s`,
      `trickles lasted ${ms(Math.min(...lasted))} to ${ms(Math.max(...lasted))} ms`,
    ];
    return { ...found, faults, recoveryMs: [], measured };
  },
};

/**
 * The least memory within so many ms, and the descriptors at their end. With people alone memory goes up and down
 * by 25 MB and more within a minute, as V8 collects: what a process holds is the least of it.
 */
async function leastHeld(pid: number, ms: number): Promise<Held> {
  const endsAt = Date.now() + ms;
  let held = measureProcess(pid);
  while (Date.now() < endsAt) {
    await pause(sampleMs);
    const now = measureProcess(pid);
    held = { ...now, megabytes: Math.min(held.megabytes, now.megabytes) };
  }
  return held;
}

const ms = (time: number) => time.toFixed(1);

import { setTimeout as pause } from "node:timers/promises";
import type { ChannelEvent } from "../../../protocol/channels.ts";
import type { Submitted } from "../../../protocol/jobs.ts";
import { redeploy, type Stop } from "../support/deploy.ts";
import { judgeUploads, untilAllTold } from "../support/judge-uploads.ts";
import { countSnapshots } from "../support/judge-watchers.ts";
import { hasRows, isFinal } from "../support/judgement.ts";
import { createCaller } from "../support/keep-alive.ts";
import { createLoad } from "../support/load.ts";
import { judgeImport, submitReference } from "../support/reference-import.ts";
import { type Member, type Rig, startRig } from "../support/rig.ts";
import { type Findings, join, noFindings, type Promised } from "../support/trial.ts";
import { createReader, createSocketReaders, createUploader } from "../support/visitors.ts";
import { watch } from "../support/watcher.ts";

const longestStopMs = 30_000;
/** What is promised; the small tier, among other tests on a busy machine, leaves more room. */
const longestSilenceMs = { large: 10_000, small: 20_000 };
const rows = 100;
const leastAsked = 20;

/** The import lasts longer than both workers take to be replaced: about 30 s, or a minute. */
const bytesPerSecond = 400_000;
const sizes = { small: { rows: 300_000, broken: 300 }, large: { rows: 600_000, broken: 3000 } };

export const rollingDeploy: Promised = {
  id: "P17",
  title: "a rolling deploy is invisible",
  seeds: 10,
  mutants: [
    {
      what: "a worker that ends doesn't hand its job back",
      file: "server/jobs/runner.ts",
      from: "await giveBack(excuse(job), 0, signal);",
      to: "log.warn({ event: reason });",
    },
    {
      what: "a node leaves before its requests are answered",
      file: "server/api.ts",
      from: "await finishRequests(server);",
      to: "server.close();",
    },
    {
      what: "a node closes its sockets without a word",
      file: "server/api.ts",
      from: "await gateway.drain();",
      to: "",
    },
    {
      what: "a client asks more of a node that it is about to leave",
      file: "client/request.ts",
      from: "if (socket.connected && !leaving.has(socket)) return;",
      to: "if (socket.connected) return;",
    },
  ],
  async attack({ random, isLarge }) {
    await using rig = await startRig({ env: { LIMIT_JOBS: "100000" } });
    const slowly = (worker: Member) => worker.mongo?.toServer.set({ bytesPerSecond });
    const work = await goToWork(rig, isLarge ? 6 : 2);
    slowly(await rig.addWorker());
    await work.begin();
    const given = await submitReference(rig, isLarge ? sizes.large : sizes.small);
    const [first] = given.watchers;
    await first?.until(hasRows, "rows");
    slowly(await rig.addWorker());

    const stops: Stop[] = [];
    const [one, other] = rig.nodes;
    const [a, b] = rig.workers;
    for (const [member, stays] of [[a], [b], ...turns(random.next() < 0.5, one, other)]) {
      if (!member) throw new Error("nobody to stop");
      await pause(random.between(0, 1000));
      stops.push(await redeploy(member, stays));
    }
    for (const { mongo } of rig.workers) mongo?.toServer.clear();
    const findings = join(await work.end(), noFindings());
    await given.untilEnded(120);

    const events = first?.events() ?? [];
    const longest = isLarge ? longestSilenceMs.large : longestSilenceMs.small;
    const missed = given.watchers.filter(({ seen }) => countSnapshots(seen) > 0).length;
    if (missed > 0) findings.gaps.push(`${missed} watchers had to begin anew`);
    return {
      ...join(
        findings,
        await judgeImport(rig, given),
        judgeStops(stops),
        judgeJob(events, stops, longest),
      ),
      faults: stops.length,
      recoveryMs: stops.map(({ toldAt, goneAt }) => goneAt - toldAt),
    };
  },
};

const turns = (isSwapped: boolean, one?: Member, other?: Member) =>
  isSwapped
    ? [
        [other, one],
        [one, other],
      ]
    : [
        [one, other],
        [other, one],
      ];

/** Readers and uploaders at both nodes, and what they and their watchers must have met with in the end. */
async function goToWork(rig: Rig, readers: number) {
  const bob = await rig.signUp();
  const caller = createCaller(bob.token);
  const load = createLoad();
  const accepted: Submitted[] = [];
  const urls = rig.nodes.map((_, i) => rig.url(i));
  const watchers = urls.map((url) => watch(bob, url, "jobs"));
  await Promise.all(watchers.map(({ untilSeen }) => untilSeen((seen) => seen[0], "an answer")));

  return {
    async begin(): Promise<void> {
      await createUploader(caller, urls[0] ?? "", { rows: 2000, accepted })();
      const [read] = accepted.splice(0);
      if (!read) throw new Error("nothing to read");
      await bob.final(read.job.id);
      for (const url of urls) {
        for (let i = 0; i < readers; i += 1) {
          load.keepOn("page", 20, createReader(caller, url, read.dataset.id));
        }
        const overSocket = createSocketReaders(bob, url, read.dataset.id, readers * 2);
        for (const step of overSocket) load.keepOn("socket page", 20, step);
        load.keepOn("upload", 1000, createUploader(caller, url, { rows, accepted }));
        const slow = createUploader(caller, url, { rows, accepted, restMs: 300 });
        for (let i = 0; i < 2; i += 1) load.keepOn("slow upload", 200, slow);
      }
    },
    async end(): Promise<Findings> {
      await load.stop();
      await untilAllTold(bob, watchers, accepted);
      caller.close();
      const found = await judgeUploads(rig, watchers, accepted, rows);
      for (const [what, count] of Object.entries(load.counts())) {
        if (count < leastAsked) found.wrong.push(`only ${count} times: ${what}`);
      }
      found.wrong.push(...load.failures.map(({ what, message }) => `${what} failed: ${message}`));
      return found;
    },
  };
}

function judgeStops(stops: readonly Stop[]): Findings {
  const found = noFindings();
  for (const { name, code, toldAt, goneAt } of stops) {
    if (code !== 0) found.wrong.push(`${name} left with ${code}`);
    const ms = goneAt - toldAt;
    if (ms > longestStopMs) found.wrong.push(`${name} took ${ms} ms to leave`);
  }
  return found;
}

/** Handed back by each worker as it left, and never silent for long. */
function judgeJob(
  events: readonly ChannelEvent[],
  stops: readonly Stop[],
  longestMs: number,
): Findings {
  const found = noFindings();
  const timed = events.map((event) => ({ ...event, ms: Date.parse(event.at) }));
  const begin = timed.findIndex(({ type }) => type === "job.started");
  for (const [i, { ms }] of timed.entries()) {
    const silence = ms - (timed[i - 1]?.ms ?? ms);
    if (i > begin && silence > longestMs) found.wrong.push(`no event for ${silence} ms`);
  }
  const workers = stops.filter(({ name }) => name.startsWith("worker"));
  const returns = timed.filter(({ type }) => type === "job.retrying");
  const isWithin = (ms: number, { toldAt, goneAt }: Stop) => ms >= toldAt && ms <= goneAt;
  for (const { ms } of returns) {
    const isOrderly = workers.some((stop) => isWithin(ms, stop));
    if (!isOrderly) found.wrong.push("a job was left behind for others to find");
  }
  const end = timed.find(isFinal)?.ms ?? Number.POSITIVE_INFINITY;
  for (const stop of workers) {
    if (end < stop.goneAt) found.wrong.push(`the import had ended before ${stop.name} left`);
    else if (!returns.some(({ ms }) => ms >= stop.toldAt)) {
      found.wrong.push(`${stop.name} had no job to hand back`);
    }
  }
  return found;
}

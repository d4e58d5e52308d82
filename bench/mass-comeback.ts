import { createPublisher } from "../server/infrastructure/channel-publisher.ts";
import { createJobModel, type JobDocument } from "../server/jobs/job.model.ts";
import { announceProgress } from "../server/jobs/job-view.ts";
import { type Cluster, startCluster } from "../test/support/cluster.ts";
import type { FrontReady } from "./front-process.ts";
import { cpuSeconds } from "./measure.ts";
import { type Bench, judge, quantile } from "./pairs.ts";
import { startProgram } from "./program.ts";
import { progressed, runningJobs } from "./progress.ts";
import type { Return, ReturnersOrder, Watch } from "./returners-process.ts";

const connections = 2000;
const users = 100;
const seconds = 10;
/** So many processes share the clients. */
const processes = 2;

type Program = Awaited<ReturnType<typeof startProgram>>;

/**
 * 2,000 connections of 100 users, each watching a job of its own, whose node dies; every job has an event
 * before anybody is back. All limits are the defaults.
 */
export const massComeback: Bench = {
  name: "mass-comeback",
  pairs: 4,
  async run(runs, report) {
    const env = { ACCESS_TOKEN_TTL: "43200", LOG_LEVEL: "warn", TRUSTED_PROXY_HOPS: "1" };
    await using cluster = await startCluster({ api: 2, workers: 0, env, hasDefaultLimits: true });
    await using front = await startProgram("bench/front-process.ts", { TARGET: cluster.url(0) });
    const { url } = front.ready as FrontReady;
    await using clients = await startClients(url);
    const kill = await prepare(cluster, front, clients);
    await kill(() => {});
    const results: Return[][] = [];
    while (results.length < runs) results.push(await kill(report));
    const share = (isGood: (one: Return) => boolean) =>
      results.map((all) => all.filter(isGood).length / all.length);
    const against = `${connections} connections`;
    return [
      judge("mass-comeback, resumed within 10 s", against, share(isResumedInTime), {
        atLeast: 0.99,
      }),
      judge("mass-comeback, lost events", "none", results.map(countLost), { atMost: 0 }),
    ];
  },
};

const isResumedInTime = ({ backMs, isResumed }: Return) =>
  backMs !== null && backMs <= seconds * 1000 && isResumed;

const countLost = (all: Return[]) => all.reduce((sum, { lost }) => sum + lost, 0);

async function startClients(url: string) {
  const programs: Program[] = [];
  while (programs.length < processes) {
    programs.push(await startProgram("bench/returners-process.ts", { URL: url }));
  }
  return {
    pids: programs.map(({ pid }) => pid),
    /** Deals out the watches, or asks all the same thing. */
    open: (watches: Watch[]) =>
      Promise.all(
        programs.map((program, i) =>
          program.ask({ open: watches.filter((_, at) => at % processes === i) }),
        ),
      ),
    ask: async (order: ReturnersOrder) =>
      (await Promise.all(programs.map((program) => program.ask(order)))) as unknown[],
    async [Symbol.asyncDispose](): Promise<void> {
      for (const program of programs) await program[Symbol.asyncDispose]();
    },
  };
}

type Clients = Awaited<ReturnType<typeof startClients>>;

/** Gives what kills the first node and says how each connection fared. */
async function prepare(cluster: Cluster, front: Program, clients: Clients) {
  let [dying] = cluster.api;
  const publish = createPublisher({ redis: cluster.redis, prefix: cluster.settings.REDIS_PREFIX });
  const model = createJobModel(cluster.mongo);
  const watches: Watch[] = [];
  const jobs: JobDocument[] = [];
  for (let user = 0; user < users; user += 1) {
    const client = await cluster.signUp(1, { "X-Forwarded-For": `10.0.0.${user}` });
    const own = runningJobs(client.user.id, connections / users);
    jobs.push(...own);
    watches.push(...own.map(({ _id }) => ({ token: client.token, jobId: _id })));
  }
  await model.insertMany(jobs);
  let event = 0;

  /** Each job's next event, stored first, as a worker does it. */
  async function goOn(): Promise<void> {
    event += 1;
    await model.updateMany({}, { progress: progressed(jobs[0] as JobDocument, event).progress });
    await Promise.all(jobs.map((job) => announceProgress(publish, progressed(job, event), event)));
  }

  return async (report: (line: string) => void): Promise<Return[]> => {
    await goOn();
    await clients.open(watches);
    const pids = { node: cluster.api[1]?.pid ?? 0, front: front.pid };
    const cpu = () => [...Object.values(pids), ...clients.pids].map(cpuSeconds);
    const before = cpu();
    const since = Date.now();
    await dying?.kill();
    await front.ask({ leadTo: cluster.url(1) });
    await goOn();
    const told = await clients.ask({ since, event, seconds: 2 * seconds });
    const used = cpu().map((now, i) => now - (before[i] ?? 0));
    const returns = told.flat() as Return[];
    report(`${describe(returns)}; CPU s node, front, clients: ${used.map((s) => s.toFixed(1))}`);
    await clients.ask({ close: true });
    dying = await cluster.start("api", 0);
    await front.ask({ leadTo: dying.url ?? "" });
    return returns;
  };
}

function describe(all: Return[]): string {
  const back = all.map(({ backMs }) => backMs ?? Number.POSITIVE_INFINITY);
  const told = all.map(({ toldMs }) => toldMs ?? Number.POSITIVE_INFINITY);
  const of = (times: number[]) =>
    [0.5, 0.99, 1].map((share) => Math.round(quantile(times, share))).join("/");
  const resumed = all.filter(isResumedInTime).length;
  return (
    `${resumed} of ${all.length} resumed within ${seconds} s, ms until subscribed p50/p99/max ` +
    `${of(back)}, until complete ${of(told)}, events lost ${countLost(all)}`
  );
}

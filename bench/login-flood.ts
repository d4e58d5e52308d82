import { createPasswordHashes } from "../server/auth/password-hashes.ts";
import { createUserModel } from "../server/auth/user.model.ts";
import { measureProcess } from "../test/flows/support/memory.ts";
import type { FloodOrder, FloodReport } from "./login-flood-process.ts";
import { measure, type Usage } from "./measure.ts";
import { type PageLoad, type PageTimes, startPageLoad } from "./page-load.ts";
import { type Bench, interleave, judge } from "./pairs.ts";
import { csvOfRows } from "./people.ts";
import { startProgram } from "./program.ts";
import { type Rig, startRig } from "./rig.ts";

const rows = 100_000;
const accounts = 6000;
const pagesPerSecond = 100;
const quietSeconds = 15;
const refusedMs = 50;
const flood = { perSecond: 300, seconds: 30 };
/** By default an address has ten tries a minute: none of these is refused for its address. */
const byMany = { ...flood, perAddress: 5 };
const byOne = { ...flood, perAddress: Number.POSITIVE_INFINITY };

/**
 * A node that serves 100 pages a second, before and while it is offered 300 sign-ins a second: by so many
 * addresses and for so many accounts that no rate refuses them, and by one address. All limits are the
 * defaults, addresses come from a proxy that the node trusts.
 */
export const loginFlood: Bench = {
  name: "login-flood",
  pairs: 4,
  async run(pairs, report) {
    const env = { TRUSTED_PROXY_HOPS: "1", LOG_LEVEL: "info" };
    await using rig = await startRig({ env, hasDefaultLimits: true });
    await addAccounts(rig);
    const settings = { URL: rig.cluster.url(), ACCOUNTS: String(accounts) };
    await using attacker = await startProgram("bench/login-flood-process.ts", settings);
    const { dataset } = await rig.importWhole(csvOfRows(rows));
    const pages = await startPageLoad(rig, dataset.id);
    const offer = (order: FloodOrder) => attacker.ask(order) as Promise<FloodReport>;
    const quiet = () => observe(rig, pages, quietSeconds);
    const attack = async (order: FloodOrder) => {
      const offered = offer(order);
      const seen = await observe(rig, pages, order.seconds);
      const told = await offered;
      return { ...seen, ...told, memory: measureProcess(rig.pids.api).megabytes };
    };

    await Promise.all([quiet(), offer({ ...byMany, seconds: quietSeconds })]);
    const results = await interleave<Observed & { floods?: Attacked[] }>(
      pairs,
      async () => {
        const many = await attack(byMany);
        return { ...many, floods: [many, await attack(byOne)] };
      },
      quiet,
    );
    pages.close();
    for (const { a, b } of results) {
      report(`before: ${describe(b)}`);
      for (const [i, one] of (a.floods ?? []).entries()) {
        report(`${["many addresses", "one address"][i]}: ${describe(one)}; ${describeFlood(one)}`);
      }
    }
    return ["by many addresses", "by one address"].flatMap((by, i) => {
      const both = results.flatMap(({ a, b }) => (a.floods?.[i] ? [{ a: a.floods[i], b }] : []));
      return judgeFlood(by, both);
    });
  },
};

type Observed = PageTimes & { memory: number; usage: Usage };
type Attacked = Observed & FloodReport;

async function addAccounts({ cluster }: Rig): Promise<void> {
  const passwordHash = await createPasswordHashes().hash("nobody ever guesses this one");
  const users = Array.from({ length: accounts }, (_, index) => ({
    _id: `account-${index}`,
    email: `${index}@example.com`,
    emailKey: `${index}@example.com`,
    name: String(index),
    passwordHash,
    roles: ["user"],
    createdAt: new Date(),
  }));
  await createUserModel(cluster.mongo).insertMany(users);
}

async function observe({ pids }: Rig, pages: PageLoad, seconds: number): Promise<Observed> {
  const { api, mongod, redis } = pids;
  const reading = pages.read(pagesPerSecond, pagesPerSecond * seconds);
  const usage = await measure({ api, mongod, redis }, () => reading);
  return { ...(await reading), memory: measureProcess(api).megabytes, usage };
}

function judgeFlood(by: string, pairs: { a: Attacked; b: Observed }[]) {
  const of = (ratio: (pair: { a: Attacked; b: Observed }) => number) => pairs.map(ratio);
  return [
    judge(
      `login-flood ${by}, p95 of pages`,
      "the same before",
      of(({ a, b }) => a.p95 / b.p95),
      {
        atMost: 2.5,
      },
    ),
    judge(
      `login-flood ${by}, p99 of refusals`,
      `${refusedMs} ms`,
      of(({ a }) => a.refused.p99 / refusedMs),
      { atMost: 1 },
    ),
    judge(
      `login-flood ${by}, memory`,
      "the same before",
      of(({ a, b }) => a.memory / b.memory),
      { atMost: 1.1 },
    ),
  ];
}

function describe({ p50, p95, p99, memory, usage }: Observed): string {
  const cpu = Object.entries(usage.cpu).map(
    ([name, seconds]) => `${name} ${(seconds / usage.wall).toFixed(2)}`,
  );
  const times = [p50, p95, p99].map((ms) => ms.toFixed(1)).join("/");
  return `pages p50/p95/p99 ${times} ms, ${memory} MiB, cores ${cpu.join(" ")}`;
}

function describeFlood({ refused, compared, others, latestMs }: FloodReport): string {
  const of = ({ count, p50, p99, max }: FloodReport["refused"]) =>
    `${count} (p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, max ${max.toFixed(0)} ms)`;
  const more = others.length > 0 ? `, others ${others.length}: ${others[0]?.slice(0, 100)}` : "";
  return `refused ${of(refused)}, compared ${of(compared)}${more}, sent ${latestMs.toFixed(0)} ms late at most`;
}

import type { JobDocument } from "../../../server/jobs/job.model.ts";
import { exportRows } from "../../flows/support/exporting.ts";
import { measureProcess } from "../../flows/support/memory.ts";
import { goodPassword, type TestClient } from "../../support/client.ts";
import type { Process } from "../../support/processes.ts";
import { named503, type Taken } from "./target.ts";
import type { World } from "./world.ts";

/** Resident MiB of each process; NaN of one that has ended, which is judged elsewhere. */
export const measure = ({ cluster }: World): number[] =>
  [...cluster.api, ...cluster.workers].map(({ pid, child }) =>
    child.exitCode === null && child.signalCode === null
      ? measureProcess(pid).megabytes
      : Number.NaN,
  );

/** Processes that hold more than a tenth, and so many MiB, more than when they were warm. */
export function judgeMemory(before: number[], after: number[], slack: number): string[] {
  return before.flatMap((then, i) => {
    const now = after[i] ?? Number.NaN;
    return now <= 1.1 * then + slack ? [] : [`process ${i} held ${then} MiB, then ${now}`];
  });
}

/** Processes that have ended, and what they logged of faults. */
export function judgeProcesses({ cluster }: World): string[] {
  const wrong: string[] = [];
  const all: [string, Process][] = [
    ...cluster.api.map((one, i): [string, Process] => [`node ${i}`, one]),
    ...cluster.workers.map((one): [string, Process] => ["worker", one]),
  ];
  for (const [name, { child, output }] of all) {
    const { exitCode, signalCode } = child;
    if (exitCode !== null || signalCode !== null)
      wrong.push(`${name} ended: ${output().slice(-600)}`);
    const faults = output()
      .split("\n")
      .filter((line) => /unhandled|uncaught|"level":[56]0/i.test(line));
    for (const line of faults.slice(0, 3)) wrong.push(`${name} logged ${line.slice(0, 600)}`);
  }
  return wrong;
}

/** Inputs that got no further than a limit prove nothing, and a healthy cluster has nothing to be sorry for. */
export function judgeTaken(name: string, { counts, wrong }: Taken): string[] {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const limited = counts.get("rate_limited") ?? 0;
  const away = named503.reduce((sum, code) => sum + (counts.get(code) ?? 0), 0);
  return [
    ...wrong,
    ...(limited > all / 2 ? [`${name}: ${limited} of ${all} were rate_limited`] : []),
    ...(away > 1 + all / 1000 ? [`${name}: ${away} of ${all} were answered a named 503`] : []),
  ];
}

/** Jobs that ended by a fault of the server's. */
export async function judgeJobs({ cluster, ordered }: World): Promise<string[]> {
  const jobs = cluster.mongo.collection<JobDocument>("jobs");
  const faulty = await jobs
    .find({ "error.code": { $in: ["internal", "attempts_exhausted", "source_missing"] } })
    .toArray();
  return faulty.map(
    ({ _id, kind, error }) =>
      `${kind} ${_id}: ${error?.code} (${error?.message}) for ${ordered.get(_id) ?? "?"}`,
  );
}

/** Somebody comes, imports a file, looks at it and takes it away again, as if nothing had been. */
export async function judgeService({ cluster }: World): Promise<string[]> {
  try {
    for (const node of [0, 1]) await liveThrough(await cluster.signUp(node));
    return [];
  } catch (err) {
    return [`afterwards: ${err instanceof Error ? err.message : err}`];
  }
}

async function liveThrough(person: TestClient): Promise<void> {
  const login = { method: "POST", json: { email: person.email, password: goodPassword } };
  const { status } = await person.call("/api/v1/auth/login", login);
  if (status !== 200) throw new Error(`login ${status}`);
  const { body } = await person.upload("id,name\n1,a\n2,b\n");
  const { state } = await person.final(body.job.id);
  if (state !== "completed") throw new Error(`an import is ${state}`);
  const socket = person.socket();
  const page = await person.request(socket, "records:list", { datasetId: body.dataset.id });
  if (page.items.length !== 2) throw new Error(`${page.items.length} rows`);
  const { lines } = await exportRows(person, body.dataset.id, { format: "csv" });
  if (lines.join() !== "id,name,1,a,2,b") throw new Error(`exported ${lines.join()}`);
}

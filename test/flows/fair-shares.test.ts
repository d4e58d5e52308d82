import { describe, expect, it } from "@jest/globals";
import type { Job } from "../../protocol/jobs.ts";
import { startCluster } from "../support/cluster.ts";
import { makeCsv } from "./support/csv.ts";
import { watch } from "./support/watch.ts";

const imports = 20;
/** Each is followed by a profile, which takes nobody's share. */
const isImport = ({ kind }: Job) => kind === "import";

/** The most jobs that ran at a time, by the events of all of them. */
function mostAtOnce(states: Job[]): number {
  const running = new Set<string>();
  return states.reduce((most, { id, state }) => {
    running.delete(id);
    if (state === "running") running.add(id);
    return Math.max(most, running.size);
  }, 0);
}

describe("twenty imports of one user", () => {
  it("run two at a time, in order, and hold up nobody else's", async () => {
    await using cluster = await startCluster({ api: 1, workers: 0 });
    const [ann, bob] = [await cluster.signUp(), await cluster.signUp()];
    const [file, small] = [makeCsv(50_000), makeCsv(1000)];
    const channel = await watch(ann, "jobs");
    const submitted: string[] = [];
    for (let i = 0; i < imports; i++) submitted.push((await ann.upload(file)).body.job.id);
    const worker = await cluster.start("worker", 0);
    await channel.until(({ type }) => type === "job.started");

    const { body } = await bob.upload(small);
    const his = await bob.final(body.job.id);
    const waiting = await ann.call<{ total: { count: number } }>(
      "/api/v1/jobs?state=queued&kind=import",
    );
    let ended = 0;
    await channel.until(
      ({ type, data }) => type === "job.completed" && isImport(data as Job) && ++ended === 4,
    );

    // Killed in a transaction, it would hold up the end of this test for a minute.
    await worker.kill("SIGTERM");

    const states = channel.events.map(({ data }) => data as Job).filter(isImport);
    const started = states.filter(({ state }) => state === "running").map(({ id }) => id);
    expect(his.state).toBe("completed");
    expect(waiting.body.total.count).toBeGreaterThan(imports / 2);
    expect(mostAtOnce(states)).toBe(2);
    // Of two that run at a time either may be the first to tell.
    for (const [i, id] of started.entries()) {
      expect(Math.abs(submitted.indexOf(id) - i)).toBeLessThan(2);
    }
  }, 120_000);
});

import { describe, expect, it } from "@jest/globals";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { hasRows, isFinal, jobOf } from "./support/judgement.ts";
import { untilLogged } from "./support/logged.ts";
import { expectExactImport } from "./support/outcome.ts";
import { prepareImport, slowly } from "./support/slow-import.ts";
import { openSlowLink } from "./support/slow-link.ts";
import { readJob } from "./support/stored-job.ts";
import { readDataset } from "./support/stored-rows.ts";

async function readAll(cluster: Cluster, jobId: string, datasetId: string) {
  // These are noted after the end, each in its own time.
  const { isSettled: _, isAnnounced: __, ...job } = await readJob(cluster, jobId);
  return { job, dataset: await readDataset(cluster, datasetId) };
}

describe("a worker that was stopped for longer than its lock", () => {
  it("changes nothing any more when it goes on", async () => {
    await using cluster = await startCluster({ api: 2, workers: 0 });
    await using link = await openSlowLink(cluster.settings.MONGODB_URI, slowly);
    const given = await prepareImport(cluster);
    const { recording, other, ann, job, dataset } = given;

    const sleeper = await cluster.start("worker", 0, { MONGODB_URI: link.uri });
    await recording.until(({ type }) => type === "job.started", "the start");
    const heir = await cluster.start("worker", 1);
    await recording.until(hasRows, "rows");
    sleeper.child.kill("SIGSTOP");
    await recording.until((event) => jobOf(event).attempt === 2, "the takeover");
    await Promise.all([recording, other].map(({ until }) => until(isFinal, "the end")));
    const before = await readAll(cluster, job.id, dataset.id);
    await heir.kill();
    sleeper.child.kill("SIGCONT");
    await untilLogged(sleeper, "attempt_overtaken");
    const next = await ann.final((await ann.upload("a\n1\n")).body.job.id);

    expect(next.state).toBe("completed");
    expect(await readAll(cluster, job.id, dataset.id)).toEqual(before);
    await expectExactImport(cluster, given);
  }, 120_000);
});

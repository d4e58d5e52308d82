import { once } from "node:events";
import { describe, expect, it } from "@jest/globals";
import { openLink } from "../flows/support/link.ts";
import { startCluster } from "../support/cluster.ts";
import { hasRows, isFinal } from "./support/judgement.ts";
import { expectExactImport } from "./support/outcome.ts";
import { prepareImport, slowly } from "./support/slow-import.ts";
import { openSlowLink } from "./support/slow-link.ts";
import { readStoredJob } from "./support/stored-job.ts";

describe("a worker that is told to end", () => {
  it("hands its import back, and another goes on at once", async () => {
    await using cluster = await startCluster({ api: 2, workers: 0 });
    await using link = await openSlowLink(cluster.settings.MONGODB_URI, slowly);
    const given = await prepareImport(cluster);
    const { recording, other } = given;
    const leaving = await cluster.start("worker", 0, { MONGODB_URI: link.uri });
    await recording.until(hasRows, "rows");
    await cluster.start("worker", 1);
    const exited = once(leaving.child, "exit");

    leaving.child.kill("SIGTERM");
    const isRetried = ({ type }: { type: string }) => type === "job.retrying";
    const handedBack = await recording.until(isRetried, "the handing back");
    const isNext = ({ type, seq }: { type: string; seq: number }) =>
      type === "job.started" && seq > handedBack.seq;
    const started = await recording.until(isNext, "the next start");
    await Promise.all([recording, other].map(({ until }) => until(isFinal, "the end")));

    expect(await exited).toEqual([0, null]);
    // A stalled ticket would be found after 10 s.
    expect(Date.parse(started.at) - Date.parse(handedBack.at)).toBeLessThan(3000);
    await expectExactImport(cluster, given);
  }, 120_000);

  it.each(["mongo", "redis"] as const)(
    "ends with 0 within 30 s while %s is away, and its import is completed by another",
    async (store) => {
      await using cluster = await startCluster({ api: 2, workers: 0 });
      const { settings } = cluster;
      await using slow = await openSlowLink(settings.MONGODB_URI, slowly);
      const links = { mongo: await openLink(slow.uri), redis: await openLink(settings.REDIS_URL) };
      const given = await prepareImport(cluster, 40_000);
      const { recording, other } = given;
      const leaving = await cluster.start("worker", 0, {
        MONGODB_URI: links.mongo.url,
        REDIS_URL: links.redis.url,
      });
      await recording.until(hasRows, "rows");
      const exited = once(leaving.child, "exit");

      await links[store].cut();
      const since = performance.now();
      leaving.child.kill("SIGTERM");
      const exit = await exited;
      const ms = performance.now() - since;
      await cluster.start("worker", 1);
      await Promise.all([recording, other].map(({ until }) => until(isFinal, "the end")));
      await Promise.all([links.mongo.cut(), links.redis.cut()]);

      expect(exit).toEqual([0, null]);
      expect(ms).toBeLessThan(30_000);
      expect((await readStoredJob(cluster, given.job.id)).state).toBe("completed");
    },
    120_000,
  );
});

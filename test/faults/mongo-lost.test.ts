import { describe, expect, it } from "@jest/globals";
import { openLink } from "../flows/support/link.ts";
import { startCluster } from "../support/cluster.ts";
import { hasRows, isFinal, jobOf } from "./support/judgement.ts";
import { untilLogged } from "./support/logged.ts";
import { expectExactImport } from "./support/outcome.ts";
import { prepareImport } from "./support/slow-import.ts";

describe("an import whose worker loses MongoDB for a while", () => {
  it("goes on in the same attempt, with each row once", async () => {
    await using cluster = await startCluster({ api: 2, workers: 0 });
    const link = await openLink(cluster.settings.MONGODB_URI);
    const given = await prepareImport(cluster);
    const { recording, other } = given;

    const worker = await cluster.start("worker", 0, { MONGODB_URI: link.url });
    await recording.until(hasRows, "rows");
    await Promise.all([untilLogged(worker, "mongo_down"), link.cut()]);
    await link.mend();
    // MongoDB gives up a transaction that was cut off after a minute, and its documents wait for that.
    await Promise.all([recording, other].map(({ until }) => until(isFinal, "the end", 100)));
    await worker.kill("SIGTERM");
    await link.cut();

    const attempts = recording.events().map((event) => jobOf(event).attempt);
    expect(Math.max(...attempts)).toBe(1);
    await expectExactImport(cluster, given);
  }, 200_000);
});

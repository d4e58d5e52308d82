import { describe, expect, it } from "@jest/globals";
import type { ChannelEvent } from "../../protocol/channels.ts";
import { startCluster } from "../support/cluster.ts";
import { hasRows, isFinal } from "./support/judgement.ts";
import { expectExactImport } from "./support/outcome.ts";
import { prepareImport, slowly } from "./support/slow-import.ts";
import { openSlowLink } from "./support/slow-link.ts";

describe("an import whose worker is killed", () => {
  it("ends by another worker with each row once, each reject once and counters that add up", async () => {
    await using cluster = await startCluster({ api: 2, workers: 0 });
    await using link = await openSlowLink(cluster.settings.MONGODB_URI, slowly);
    const given = await prepareImport(cluster);
    const { recording, other } = given;

    const victim = await cluster.start("worker", 0, { MONGODB_URI: link.uri });
    await recording.until(({ type }) => type === "job.started", "the start");
    await cluster.start("worker", 1);
    const early = recording.events().length;
    const isFresh = (event: ChannelEvent) => recording.events().indexOf(event) >= early;
    // Right after a checkpoint, with the batches that it doesn't cover on their way.
    await recording.until((event) => hasRows(event) && isFresh(event), "fresh rows");
    const told = recording.events();
    victim.child.kill("SIGKILL");
    link.cut();
    await Promise.all([recording, other].map(({ until }) => until(isFinal, "the end")));

    expect(told.some(isFinal)).toBe(false);
    const rest = recording.events().slice(told.length);
    expect(rest.map(({ type }) => type)).toContain("job.retrying");
    await expectExactImport(cluster, given);
  }, 120_000);
});

import { describe, expect, it } from "@jest/globals";
import { startCluster } from "../support/cluster.ts";
import { findBreaks, hasRows, isFinal } from "./support/judgement.ts";
import { createRoamer } from "./support/roamer.ts";
import { prepareImport, slowly } from "./support/slow-import.ts";
import { openSlowLink } from "./support/slow-link.ts";
import { readStoredJob } from "./support/stored-job.ts";

describe("a watcher", () => {
  it("whose node is killed misses nothing on the other node", async () => {
    await using cluster = await startCluster({ api: 2, workers: 0 });
    await using link = await openSlowLink(cluster.settings.MONGODB_URI, slowly);
    const { ann, job, channel, other } = await prepareImport(cluster, 40_000);
    const roamer = createRoamer(ann, channel);
    const socket = await roamer.goTo(cluster.url(0));

    await cluster.start("worker", 0, { MONGODB_URI: link.uri });
    await roamer.until(hasRows, "rows");
    const cutOff = new Promise((resolve) => socket.once("disconnect", resolve));
    await cluster.api[0]?.kill("SIGKILL");
    await cutOff;
    await roamer.goTo(cluster.url(1));
    await Promise.all([roamer, other].map(({ until }) => until(isFinal, "the end")));

    expect(roamer.events()).toEqual(other.events());
    expect(findBreaks(roamer.events())).toEqual([]);
    expect(roamer.items.filter(({ kind }) => kind === "snapshot")).toHaveLength(1);
    expect(roamer.events().at(-1)?.data).toEqual(await readStoredJob(cluster, job.id));
  });
});

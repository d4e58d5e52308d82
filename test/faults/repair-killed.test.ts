import { describe, expect, it } from "@jest/globals";
import type { Dataset } from "../../protocol/datasets.ts";
import type { Job } from "../../protocol/jobs.ts";
import { download, mendOrders, sendRepair } from "../flows/support/repairs.ts";
import { startCluster } from "../support/cluster.ts";
import { hasRows, isFinal } from "./support/judgement.ts";
import { createOrdersFile } from "./support/orders-file.ts";
import { record } from "./support/recording.ts";
import { openSlowLink } from "./support/slow-link.ts";
import { compareRows, readRejects } from "./support/stored-rows.ts";

/** Towards MongoDB, in each connection: a batch takes about half a second. */
const slowly = 300_000;
const [rows, broken] = [40_000, 10_000];

describe("a repair whose worker is killed", () => {
  it("goes on from its last commit, and every row is there once", async () => {
    await using cluster = await startCluster({ api: 2, workers: 1 });
    await using link = await openSlowLink(cluster.settings.MONGODB_URI, slowly);
    const file = createOrdersFile(rows, broken);
    const ann = await cluster.signUp();
    const first = (await ann.upload(file.text)).body;
    await ann.final(first.job.id);
    await cluster.workers[0]?.kill();
    const mended = mendOrders((await download(ann, first.dataset.id)).body);
    const { job, dataset } = (await sendRepair(ann, first.dataset.id, mended)).body;
    const [recording, changes] = await Promise.all([
      record(ann.socket(cluster.url(0)), `job:${job.id}`),
      record(ann.socket(cluster.url(1)), `dataset:${dataset.id}`),
    ]);

    const victim = await cluster.start("worker", 1, { MONGODB_URI: link.uri });
    await recording.until(hasRows, "rows");
    await victim.kill();
    link.cut();
    const seen = recording.events().length;
    await cluster.start("worker", 2);
    const { data } = await recording.until(isFinal, "the end", 60);

    expect(seen).toBeLessThan(recording.events().length);
    expect(data).toMatchObject({
      state: "completed",
      attempt: 2,
      result: {
        ...{ rowsRead: broken, rowsImported: broken, rowsRejected: 0 },
        // None was put in twice, none was counted twice.
        repair: { alreadyIn: 0, unknown: 0 },
      },
    });
    const counters = recording.events().map((event) => (event.data as Job).progress.rowsRead);
    expect(counters).toEqual(counters.toSorted((a, b) => a - b));
    for (const event of changes.events()) {
      const { rows: there, rejected } = event.data as Dataset;
      expect(there + rejected).toBe(rows);
    }
    expect(await ann.dataset(dataset.id)).toMatchObject({ rows, rejected: 0, status: "ready" });
    expect(await readRejects(cluster, dataset.id)).toEqual([]);
    const whole = { ...file, rejects: [] };
    expect(await compareRows(cluster, dataset.id, whole)).toEqual({
      lost: [],
      foreign: [],
      wrong: [],
    });
  }, 120_000);
});

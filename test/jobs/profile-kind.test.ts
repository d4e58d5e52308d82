import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { DatasetDocument } from "../../server/datasets/dataset.model.ts";
import { createId } from "../../server/infrastructure/ids.ts";
import { createAttempt } from "../../server/jobs/attempt.ts";
import type { Importer } from "../../server/jobs/import-thread/importer.ts";
import type { Task, Told } from "../../server/jobs/import-thread/messages.ts";
import { createWork } from "../../server/jobs/import-thread/work.ts";
import type { JobDocument } from "../../server/jobs/job.model.ts";
import { createJobStore } from "../../server/jobs/job-store.ts";
import { newJob } from "../../server/jobs/job-view.ts";
import { createProfileKind } from "../../server/jobs/kinds/profile.ts";
import { createPurgeKind } from "../../server/jobs/kinds/purge.ts";
import { toBson } from "../support/bson.ts";
import { openOwnStores } from "../support/cluster.ts";

let stores: Awaited<ReturnType<typeof openOwnStores>>;
beforeAll(async () => {
  stores = await openOwnStores();
});
afterAll(() => stores.close());

const rows = 5000;

/** A dataset of so many rows, of which those past the watermark aren't to be seen. */
async function storeDataset(): Promise<DatasetDocument> {
  const _id = createId();
  const rowsIds = await stores.rows.create(_id);
  const cells = Array.from({ length: rows + 10 }, (_, i) => ({ _id: i + 1, c: { c0: i % 7 } }));
  await stores.rows.insert(_id, rowsIds, { records: toBson(cells), rejects: [] });
  const now = new Date();
  const dataset: DatasetDocument = {
    _id,
    userId: "u",
    name: "a.csv",
    format: "csv",
    status: "ready",
    columns: [{ key: "c0", name: "n", type: "integer" }],
    rows,
    rejected: 0,
    bytes: 50,
    version: 4,
    sourceId: "s",
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
  await stores.datasets.create(dataset);
  return dataset;
}

async function makeAttempt({ _id, name }: DatasetDocument, kind: JobDocument["kind"]) {
  const fresh = newJob({ userId: "u", kind, dataset: { id: _id, name }, source: null });
  await stores.jobs.create({ ...fresh, isAdmitted: true });
  const store = createJobStore(stores);
  const claimed = await store.claim(fresh._id);
  if (!claimed) throw new Error("nothing to claim");
  const { publish } = stores;
  const attempt = createAttempt({ job: claimed.job, store, publish, stop: new AbortController() });
  return { store, attempt };
}

/** Profiles a dataset; `meanwhile` comes to pass once all its rows are read. */
async function profile(dataset: DatasetDocument, meanwhile = async () => {}) {
  const { attempt } = await makeAttempt(dataset, "profile");
  const work = createWork(stores);
  let asked = 0;
  const importer = {
    async run(task: Task, signal: AbortSignal, tell: (told: Told) => Promise<void>) {
      asked += 1;
      const done = await work(task, { signal, tell });
      await meanwhile();
      return done;
    },
  } as Pick<Importer, "run">;
  const run = createProfileKind({ ...stores, importer: importer as Importer });
  return { ...(await run(attempt)), asked };
}

const kept = ({ _id }: DatasetDocument) => stores.profiles.find(_id);

describe("the job of a profile", () => {
  it("keeps what the rows up to the watermark hold, under the version that they had", async () => {
    const dataset = await storeDataset();

    const { state } = await profile(dataset);

    expect(state).toBe("completed");
    expect(await kept(dataset)).toMatchObject({
      version: 4,
      rows,
      columns: [{ name: "n", type: "integer", nulls: 0, distinct: { count: 7, exact: true } }],
    });
    expect((await kept(dataset))?.columns[0]?.top.at(0)).toEqual({ value: 0, count: 715 });
    expect(await stores.datasets.findById(dataset._id).lean()).toMatchObject({ version: 4 });
  });

  it("has nothing to do where a newest profile is there already", async () => {
    const dataset = await storeDataset();

    const [first, second] = [await profile(dataset), await profile(dataset)];

    expect([first, second]).toMatchObject([
      { state: "completed", asked: 1 },
      { state: "completed", asked: 0 },
    ]);
  });

  it("leaves a newer profile alone", async () => {
    const dataset = await storeDataset();
    const newer = async () => {
      await stores.datasets.updateOne({ _id: dataset._id }, { $set: { rows: 7, version: 5 } });
      await profile(dataset);
    };

    const { state } = await profile(dataset, newer);

    expect(state).toBe("completed");
    expect(await kept(dataset)).toMatchObject({ version: 5, rows: 7 });
  });

  it("ends cancelled and keeps nothing when the dataset is deleted meanwhile", async () => {
    const dataset = await storeDataset();
    const remove = async () => {
      await stores.datasets.updateOne({ _id: dataset._id }, { deletedAt: new Date() });
      await stores.rows.drop(dataset._id);
    };

    const during = await profile(dataset, remove);
    const after = await profile(dataset);

    expect([during.state, after.state]).toEqual(["cancelled", "cancelled"]);
    expect(await kept(dataset)).toBeNull();
  });

  it("keeps nothing once another attempt has begun", async () => {
    const dataset = await storeDataset();
    const { attempt, store } = await makeAttempt(dataset, "profile");
    const { _id } = attempt.job();
    await store.claim(_id);

    const saved = attempt.saveProfile({ version: 4, rows: 0, columns: [] }, {});

    await expect(saved).rejects.toMatchObject({ name: "FenceLost" });
    expect(await kept(dataset)).toBeNull();
  });
});

it("a purge removes the profile", async () => {
  const dataset = await storeDataset();
  await profile(dataset);
  const before = await kept(dataset);
  const { attempt } = await makeAttempt(dataset, "purge");

  await createPurgeKind(stores)(attempt);

  expect(before).not.toBeNull();
  expect(await kept(dataset)).toBeNull();
});

import type { DatasetDocument, DatasetModel } from "../../datasets/dataset.model.ts";
import { toRepairPlan } from "../../datasets/repairing/read-repair.ts";
import { insist } from "../../infrastructure/insist.ts";
import type { Attempt } from "../attempt.ts";
import { JobFailure } from "../failures.ts";
import type { Importer } from "../import-thread/importer.ts";
import type { Told } from "../import-thread/messages.ts";
import type { Outcome } from "../job-store.ts";
import { createPace } from "../progress.ts";
import { explain } from "./import.ts";

type Deps = { datasets: DatasetModel; importer: Importer };

/** Puts mended rows into their places, batch by batch from the last checkpoint. */
export function createRepairKind({ datasets, importer }: Deps) {
  const find = (_id: string) =>
    datasets.findOne({ _id, deletedAt: null }).lean<DatasetDocument>().exec();

  async function run(attempt: Attempt): Promise<Outcome> {
    const { source, dataset, startedAt, checkpoint } = attempt.job();
    if (!source) throw new JobFailure("source_missing", "The job has no file.");
    const doc = await insist(() => find(dataset.id), attempt.signal);
    if (!doc) return { state: "cancelled" };
    const pace = createPace();
    const onTold = async (told: Told) => {
      if (told.kind !== "mended") return;
      const { row, offset } = told.batch.end;
      await attempt.saveRepair(told.batch, {
        phase: "load",
        bytesScanned: offset,
        bytesRead: offset,
        ...pace(row, offset, source.bytes - offset),
      });
    };
    const task = {
      kind: "repair",
      source,
      plan: toRepairPlan(doc),
      from: checkpoint?.place ?? null,
    } as const;
    await importer.run(task, attempt.signal, onTold);

    const { progress, checkpoint: reached } = attempt.job();
    const { rowsRead, rowsImported, rowsRejected } = progress;
    const seconds = (Date.now() - (startedAt?.getTime() ?? Date.now())) / 1000;
    const repair = reached?.repair ?? { alreadyIn: 0, unknown: 0, unknownLines: [] };
    const columns = doc.columns.length;
    return {
      state: "completed",
      result: { rowsRead, rowsImported, rowsRejected, columns, seconds, repair },
    };
  }

  return (attempt: Attempt): Promise<Outcome> => run(attempt).catch(explain);
}

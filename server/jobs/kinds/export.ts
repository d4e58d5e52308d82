import type { ExportedFile } from "../../../protocol/exports.ts";
import type { DatasetModel } from "../../datasets/dataset.model.ts";
import { createExportReads } from "../../datasets/exporting/export-reads.ts";
import { type Rows, RowsGone } from "../../datasets/rows.ts";
import { insist } from "../../infrastructure/insist.ts";
import type { Storage } from "../../infrastructure/storage.ts";
import type { Attempt } from "../attempt.ts";
import { type FileLinks, fileLifetimeMs } from "../file-links.ts";
import type { Importer } from "../import-thread/importer.ts";
import type { Told } from "../import-thread/messages.ts";
import type { ExportPlan } from "../job.model.ts";
import type { Outcome } from "../job-store.ts";
import { createPace } from "../progress.ts";
import { unlessStopped } from "./unless-stopped.ts";

type Deps = {
  rows: Rows;
  datasets: DatasetModel;
  storage: Storage;
  importer: Importer;
  fileLinks: FileLinks;
};

/** Writes rows of a dataset to a file, from the last checkpoint on. */
export function createExportKind({ rows, datasets, storage, importer, fileLinks }: Deps) {
  const reads = createExportReads(rows);

  async function countRows(attempt: Attempt, plan: ExportPlan): Promise<number> {
    const { rowsTotal } = attempt.job().progress;
    const { signal } = attempt;
    const counting = () => insist(() => reads.count(plan.rows), signal);
    const total = rowsTotal ?? (await unlessStopped(counting(), signal));
    await attempt.saveProgress({ phase: "write", rowsTotal: total });
    return total;
  }

  async function write(attempt: Attempt, plan: ExportPlan): Promise<ExportedFile> {
    const { _id: fileId, exported: done = null } = attempt.job();
    const total = await countRows(attempt, plan);
    const pace = createPace();
    const onTold = async (told: Told) => {
      if (told.kind !== "written") return;
      const { rows: count } = told.written;
      await attempt.saveExported(told.written, {
        phase: "write",
        ...pace(count, count, total - count),
      });
    };
    const task = { kind: "export", fileId, plan, done } as const;
    const stored = await importer.run(task, attempt.signal, onTold);
    const written = attempt.job().exported?.rows ?? 0;
    // The collection of a deleted dataset reads like an empty one.
    if (written !== total) throw new RowsGone(`${written} rows of ${total} are there`);
    const expiresAt = new Date(Date.now() + fileLifetimeMs);
    return {
      id: fileId,
      name: plan.name,
      bytes: stored.bytes,
      rows: written,
      sha256: stored.sha256,
      url: fileLinks.toUrl(fileId, expiresAt),
      expiresAt: expiresAt.toISOString(),
    };
  }

  /** What was written for a dataset that was deleted meanwhile goes, too. */
  async function removeIfDeleted(fileId: string, datasetId: string): Promise<boolean> {
    if (await datasets.exists({ _id: datasetId, deletedAt: null })) return false;
    await storage.remove(fileId);
    return true;
  }

  return async (attempt: Attempt): Promise<Outcome> => {
    const { _id: fileId, dataset, exports: plan } = attempt.job();
    if (!plan) throw new TypeError("an export without a plan");
    try {
      if (await removeIfDeleted(fileId, dataset.id)) return { state: "cancelled" };
      return { state: "completed", result: { file: await write(attempt, plan) } };
    } catch (err) {
      if (await removeIfDeleted(fileId, dataset.id)) return { state: "cancelled" };
      throw err;
    }
  };
}

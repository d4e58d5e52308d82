import mongoose from "mongoose";
import { FileError, type Plan } from "../../datasets/parsing/seam.ts";
import type { Rows, RowsIds } from "../../datasets/rows.ts";
import { insist } from "../../infrastructure/insist.ts";
import { ObjectDamaged } from "../../infrastructure/storage.ts";
import type { Attempt } from "../attempt.ts";
import { JobFailure } from "../failures.ts";
import type { Importer } from "../import-thread/importer.ts";
import type { Told } from "../import-thread/messages.ts";
import type { Checkpoint, Source } from "../job.model.ts";
import type { Outcome } from "../job-store.ts";
import { createPace } from "../progress.ts";

type Deps = { rows: Rows; importer: Importer; maxColumns: number };

/** Imports a file: scan it once for its columns, then load it in batches from the last checkpoint. */
export function createImportKind({ rows, importer, maxColumns }: Deps) {
  async function plan(attempt: Attempt, source: Source): Promise<{ plan: Plan; ids: RowsIds }> {
    const known = attempt.job();
    if (known.plan && known.rowsIds) return { plan: known.plan, ids: known.rowsIds };
    const onTold = async (told: Told) => {
      if (told.kind !== "scanned") return;
      await attempt.saveProgress({ phase: "scan", bytesScanned: told.bytes });
    };
    const found = await importer.run({ kind: "scan", source, maxColumns }, attempt.signal, onTold);
    if (!found) throw new Error("a scan without a plan");
    const ids = await insist(() => rows.create(known.dataset.id), attempt.signal);
    await attempt.savePlan(found, ids, { phase: "load", bytesScanned: source.bytes });
    return { plan: found, ids };
  }

  async function load(attempt: Attempt, source: Source, found: Plan, ids: RowsIds): Promise<void> {
    const { dataset, checkpoint } = attempt.job();
    const done: Checkpoint = checkpoint ?? { place: found.start, imported: 0, rejected: 0 };
    const pace = createPace();
    const onTold = async (told: Told) => {
      if (told.kind !== "reached") return;
      const { row, offset } = told.reached.place;
      await attempt.saveCheckpoint(told.reached, {
        phase: "load",
        bytesRead: offset,
        ...pace(row, offset, source.bytes - offset),
      });
    };
    const rowsIds = mongoose.mongo.BSON.serialize(ids);
    const task = {
      kind: "load",
      source,
      plan: found,
      datasetId: dataset.id,
      rowsIds,
      done,
    } as const;
    await importer.run(task, attempt.signal, onTold);
  }

  async function run(attempt: Attempt): Promise<Outcome> {
    const { source, startedAt } = attempt.job();
    if (!source) throw new JobFailure("source_missing", "The job has no file.");
    const { plan: found, ids } = await plan(attempt, source);
    await load(attempt, source, found, ids);

    const { rowsRead, rowsImported, rowsRejected } = attempt.job().progress;
    const seconds = (Date.now() - (startedAt?.getTime() ?? Date.now())) / 1000;
    const columns = found.columns.length;
    return {
      state: "completed",
      result: { rowsRead, rowsImported, rowsRejected, columns, seconds },
    };
  }

  return (attempt: Attempt): Promise<Outcome> => run(attempt).catch(explain);
}

/** A file that can't be imported ends the run at once. */
export function explain(err: unknown): never {
  if (err instanceof FileError) throw new JobFailure(err.code, err.message);
  if (err instanceof ObjectDamaged) {
    throw new JobFailure("source_missing", `The uploaded file can't be read. ${err.message}`);
  }
  throw err;
}

import { setImmediate as turn } from "node:timers/promises";
import { load } from "../../datasets/parsing/load.ts";
import { scan } from "../../datasets/parsing/scan.ts";
import { FileError, type Plan } from "../../datasets/parsing/seam.ts";
import type { Rows, RowsIds } from "../../datasets/rows.ts";
import { insist } from "../../infrastructure/insist.ts";
import { ObjectDamaged, type Storage } from "../../infrastructure/storage.ts";
import type { Attempt } from "../attempt.ts";
import { JobFailure } from "../failures.ts";
import type { Checkpoint, Source } from "../job.model.ts";
import type { Outcome } from "../job-store.ts";
import { createPace } from "../progress.ts";
import { createWriter } from "./writer.ts";

/** At most 4 progress events a second. */
const reportIntervalMs = 250;
/** Parsed in one go; between two of them whatever else this process does has its turn. */
const sliceBytes = 32 * 1024;
/** Batches on their way at once, of all imports of this process: one in flight loses 20-40 % of the speed. */
const mostInFlight = 3;

type Deps = { rows: Rows; storage: Storage; maxColumns: number };

/** Imports a file: scan it once for its columns, then load it in batches from the last checkpoint. */
export function createImportKind({ rows, storage, maxColumns }: Deps) {
  let loading = 0;

  async function plan(attempt: Attempt, source: Source): Promise<{ plan: Plan; ids: RowsIds }> {
    const known = attempt.job();
    if (known.plan && known.rowsIds) return { plan: known.plan, ids: known.rowsIds };
    let bytesScanned = 0;
    const found = await scan(
      watch(source, 0, attempt, () => ({ phase: "scan", bytesScanned })),
      {
        format: source.format,
        options: source.options,
        maxColumns,
        onBytes: (bytes) => {
          bytesScanned = bytes;
        },
      },
    );
    attempt.signal.throwIfAborted();
    const ids = await insist(() => rows.create(known.dataset.id), attempt.signal);
    await attempt.savePlan(found, ids, { phase: "load", bytesScanned: source.bytes });
    return { plan: found, ids };
  }

  /** The source's bytes from `start`, saving and telling the progress between two of its chunks. */
  async function* watch(
    source: Source,
    start: number,
    attempt: Attempt,
    progress?: () => Parameters<Attempt["saveProgress"]>[0],
  ): AsyncGenerator<Uint8Array> {
    let reportedAt = Date.now();
    for await (const chunk of storage.read(source.id, start, attempt.signal)) {
      attempt.signal.throwIfAborted();
      for (let at = 0; at < chunk.length; at += sliceBytes) {
        yield chunk.subarray(at, at + sliceBytes);
        await turn();
      }
      if (!progress || Date.now() - reportedAt < reportIntervalMs) continue;
      reportedAt = Date.now();
      await attempt.saveProgress(progress());
    }
  }

  async function run(attempt: Attempt): Promise<Outcome> {
    const { source, startedAt } = attempt.job();
    if (!source) throw new JobFailure("source_missing", "The job has no file.");
    const { plan: found, ids } = await plan(attempt, source);
    const { dataset, checkpoint } = attempt.job();
    const done: Checkpoint = checkpoint ?? { place: found.start, imported: 0, rejected: 0 };
    const pace = createPace();

    const writer = createWriter({
      done,
      write: (batch) => insist(() => rows.insert(dataset.id, ids, batch), attempt.signal),
      intervalMs: reportIntervalMs,
      mostInFlight: () => Math.max(1, Math.floor(mostInFlight / loading)),
      save: (reached) =>
        attempt.saveCheckpoint(reached, {
          phase: "load",
          bytesRead: reached.place.offset,
          ...pace(reached.place.row, reached.place.offset, source.bytes - reached.place.offset),
        }),
    });
    loading += 1;
    try {
      for await (const batch of load(
        watch(source, done.place.offset, attempt),
        found,
        done.place,
      )) {
        // A chunk holds many batches: whoever is told to stop doesn't write them all first.
        attempt.signal.throwIfAborted();
        await writer.add(batch);
      }
    } finally {
      loading -= 1;
      await writer.close();
    }

    const end = attempt.job().progress;
    const seconds = (Date.now() - (startedAt?.getTime() ?? Date.now())) / 1000;
    const { rowsRead, rowsImported, rowsRejected } = end;
    const columns = found.columns.length;
    return {
      state: "completed",
      result: { rowsRead, rowsImported, rowsRejected, columns, seconds },
    };
  }

  return (attempt: Attempt): Promise<Outcome> => run(attempt).catch(explain);
}

/** A file that can't be imported ends the run at once. */
function explain(err: unknown): never {
  if (err instanceof FileError) throw new JobFailure(err.code, err.message);
  if (err instanceof ObjectDamaged) {
    throw new JobFailure("source_missing", `The uploaded file can't be read. ${err.message}`);
  }
  throw err;
}

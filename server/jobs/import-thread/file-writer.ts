import { setImmediate as turn } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { createExportReads } from "../../datasets/exporting/export-reads.ts";
import { createLineBuffer } from "../../datasets/exporting/lines.ts";
import type { Rows } from "../../datasets/rows.ts";
import type { Batch } from "../../infrastructure/raw-cursor.ts";
import { ObjectDamaged, type Storage, type Stored } from "../../infrastructure/storage.ts";
import type { ExportCheckpoint } from "../job.model.ts";
import { createFileProgress } from "./file-progress.ts";
import type { Task } from "./messages.ts";
import type { Caller } from "./work.ts";

/**
 * A file is a row of pieces of so many bytes, up to the end of a line. Where one ends depends on the rows alone, so
 * that whoever goes on from such a place makes the very same bytes, packed or not.
 */
const pieceBytes = 512 * 1024;
/** Rows made into lines in one go; between two of them other tasks have their turn. */
const sliceRows = 200;
const start: ExportCheckpoint = { row: 0, rows: 0, bytes: 0 };

/** Packed as a member of its own: these may stand one after the other (RFC 1952, section 2.2). */
const pack = promisify(gzip) as (bytes: Uint8Array) => Promise<Uint8Array>;

type Deps = { rows: Rows; storage: Storage; tellIntervalMs: number };
type Export = Extract<Task, { kind: "export" }>;

/** Writes rows to a file in storage, from its last checkpoint on. */
export function createFileWriter({ rows, storage, tellIntervalMs }: Deps) {
  const reads = createExportReads(rows);

  /** Without the bytes that it should go on with the file begins anew, and is the same. */
  async function open(fileId: string, done: ExportCheckpoint, signal: AbortSignal) {
    try {
      return { file: await storage.resume(fileId, done.bytes, signal), done };
    } catch (err) {
      if (!(err instanceof ObjectDamaged)) throw err;
      return { file: await storage.resume(fileId, 0, signal), done: start };
    }
  }

  return async ({ fileId, plan, done }: Export, { signal, tell }: Caller): Promise<Stored> => {
    const opened = await open(fileId, done ?? start, signal);
    const { file } = opened;
    const lines = createLineBuffer(plan.lines);
    const progress = createFileProgress(opened.done, {
      stored: file.stored,
      save: (written) => tell({ kind: "written", written }),
      intervalMs: tellIntervalMs,
    });
    let { row, rows: count } = opened.done;

    async function flush(): Promise<void> {
      const piece = lines.take();
      await file.add(plan.gzip ? await pack(piece) : piece);
      progress.add({ row, rows: count, bytes: file.length() });
    }

    async function addAll({ bytes, starts }: Batch): Promise<void> {
      for (let at = 0; at < starts.length; at += 1) {
        row = lines.add(bytes, starts[at] as number);
        count += 1;
        if (lines.length() >= pieceBytes) await flush();
        if (at % sliceRows !== sliceRows - 1) continue;
        await turn();
        signal.throwIfAborted();
      }
    }

    try {
      if (file.length() === 0) lines.addHead();
      for await (const batch of reads.read(plan.rows, row, signal)) await addAll(batch);
      // Even a file of nothing is one of gzip.
      if (lines.length() > 0 || file.length() === 0) await flush();
      const stored = await file.end();
      await progress.close();
      return stored;
    } finally {
      await Promise.all([file.settled(), progress.settled()]);
    }
  };
}

import { setImmediate as turn } from "node:timers/promises";
import mongoose from "mongoose";
import { load } from "../../datasets/parsing/load.ts";
import { scan } from "../../datasets/parsing/scan.ts";
import type { Plan } from "../../datasets/parsing/seam.ts";
import { profileRows } from "../../datasets/profiling/profile-rows.ts";
import { readRepair } from "../../datasets/repairing/read-repair.ts";
import type { Rows, RowsIds } from "../../datasets/rows.ts";
import { insist } from "../../infrastructure/insist.ts";
import type { Storage } from "../../infrastructure/storage.ts";
import type { Source } from "../job.model.ts";
import { createFileWriter } from "./file-writer.ts";
import type { Result, Task, Told } from "./messages.ts";
import { createWriter } from "./writer.ts";

/** At most 4 times a second it is told how far a task has come. */
const tellIntervalMs = 250;
/** Parsed in one go; between two of them the other imports have their turn. */
const sliceBytes = 32 * 1024;
/** Batches on their way at once, of all imports of this thread: one in flight loses 20-40 % of the speed. */
const mostInFlight = 3;
/** Nobody waits for a profile: beside other tasks it has one turn in so many. */
const turnsBesideOthers = 4;

type Deps = { rows: Rows; storage: Storage };
export type Caller = { signal: AbortSignal; tell: (told: Told) => Promise<void> };
type Scan = Extract<Task, { kind: "scan" }>;
type Load = Extract<Task, { kind: "load" }>;
type Repair = Extract<Task, { kind: "repair" }>;
type Profiling = Extract<Task, { kind: "profile" }>;

/** Reads files, writes their rows, profiles rows and writes them to files; several tasks at once take turns. */
export function createWork({ rows, storage }: Deps) {
  const writeFile = createFileWriter({ rows, storage, tellIntervalMs });
  /** tasks that somebody waits for */
  let asked = 0;
  let loading = 0;

  async function* slices(source: Source, start: number, signal: AbortSignal) {
    for await (const chunk of storage.read(source.id, start, signal)) {
      for (let at = 0; at < chunk.length; at += sliceBytes) {
        signal.throwIfAborted();
        yield chunk.subarray(at, at + sliceBytes);
        await turn();
      }
    }
  }

  async function scanSource({ source, maxColumns }: Scan, { signal, tell }: Caller): Promise<Plan> {
    const { format, options } = source;
    let toldAt = Date.now();
    let bytes = 0;
    async function* watched() {
      for await (const slice of slices(source, 0, signal)) {
        yield slice;
        bytes += slice.length;
        if (Date.now() - toldAt < tellIntervalMs) continue;
        toldAt = Date.now();
        await tell({ kind: "scanned", bytes });
      }
    }
    return scan(watched(), { format, options, maxColumns });
  }

  async function loadSource(task: Load, { signal, tell }: Caller): Promise<void> {
    const { source, plan, datasetId, done } = task;
    const ids = mongoose.mongo.BSON.deserialize(task.rowsIds, { promoteValues: false });
    const writer = createWriter({
      done,
      write: (batch) => insist(() => rows.insert(datasetId, ids as RowsIds, batch), signal),
      save: (reached) => tell({ kind: "reached", reached }),
      intervalMs: tellIntervalMs,
      mostInFlight: () => Math.max(1, Math.floor(mostInFlight / loading)),
    });
    loading += 1;
    try {
      const { place } = done;
      for await (const batch of load(slices(source, place.offset, signal), plan, place)) {
        // A chunk holds many batches: whoever is told to stop doesn't write them all first.
        signal.throwIfAborted();
        await writer.add(batch);
      }
    } finally {
      loading -= 1;
      await writer.close();
    }
  }

  /** Each batch waits until the one before is in: a transaction takes longer than reading on. */
  async function readRepairs({ source, plan, from }: Repair, { signal, tell }: Caller) {
    const open = (offset: number) => slices(source, offset, signal);
    for await (const batch of readRepair(open, plan, from)) {
      signal.throwIfAborted();
      await tell({ kind: "mended", batch });
    }
  }

  async function profile(task: Profiling, { signal, tell }: Caller): Promise<void> {
    const { datasetId, columns, watermark } = task;
    let toldAt = Date.now();
    const onSlice = async (read: number) => {
      await turn();
      for (let i = 1; i < turnsBesideOthers && asked > 0; i += 1) await turn();
      if (Date.now() - toldAt < tellIntervalMs) return;
      toldAt = Date.now();
      await tell({ kind: "read", rows: read });
    };
    const profiled = await profileRows(rows, { datasetId, columns, watermark, signal, onSlice });
    await tell({ kind: "profiled", profile: profiled });
  }

  async function doAsked(task: Exclude<Task, Profiling>, caller: Caller): Promise<Result> {
    if (task.kind === "export") return writeFile(task, caller);
    if (task.kind === "scan") return scanSource(task, caller);
    await (task.kind === "load" ? loadSource(task, caller) : readRepairs(task, caller));
    return null;
  }

  return async (task: Task, caller: Caller): Promise<Result> => {
    if (task.kind === "profile") {
      await profile(task, caller);
      return null;
    }
    asked += 1;
    try {
      return await doAsked(task, caller);
    } finally {
      asked -= 1;
    }
  };
}

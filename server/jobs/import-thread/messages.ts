import {
  FileError,
  type Place,
  type Plan,
  type PlannedColumn,
} from "../../datasets/parsing/seam.ts";
import type { ProfiledRows } from "../../datasets/profiling/profile-rows.ts";
import type { RepairBatch } from "../../datasets/repairing/seam.ts";
import { RowsGone } from "../../datasets/rows.ts";
import { ObjectDamaged, type Stored } from "../../infrastructure/storage.ts";
import type { Checkpoint, ExportCheckpoint, ExportPlan, Source } from "../job.model.ts";

/** What the thread does: read a file once, write its rows, or rows to a file, from where `done` stands, read a repair, or profile rows. */
export type Task =
  | { kind: "scan"; source: Source; maxColumns: number }
  | {
      kind: "load";
      source: Source;
      plan: Plan;
      datasetId: string;
      /** RowsIds in BSON: their class doesn't survive the way between threads. */
      rowsIds: Uint8Array;
      done: Checkpoint;
    }
  /** rows of a repair from `from` on, or its start; whoever hears of them writes them */
  | { kind: "repair"; source: Source; plan: Plan; from: Place | null }
  | { kind: "export"; fileId: string; plan: ExportPlan; done: ExportCheckpoint | null }
  | { kind: "profile"; datasetId: string; columns: PlannedColumn[]; watermark: number };

/** What a task comes to: a scan's plan, an export's file (its `sha256` in hexadecimal). */
export type Result = Plan | Stored | null;
type Results = { scan: Plan; load: null; repair: null; export: Stored; profile: null };
export type ResultOf<One extends Task> = Results[One["kind"]];

/** How far a task has come. The thread goes on once this was heard. */
export type Told =
  | { kind: "scanned"; bytes: number }
  | { kind: "reached"; reached: Checkpoint }
  | { kind: "mended"; batch: RepairBatch }
  | { kind: "written"; written: ExportCheckpoint }
  | { kind: "read"; rows: number }
  | { kind: "profiled"; profile: ProfiledRows };

export type ToThread =
  | { id: number; say: "begin"; task: Task }
  | { id: number; say: "heard" }
  | { id: number; say: "stop" };

export type FromThread =
  | { id: number; say: "told"; told: Told }
  | { id: number; say: "done"; result: Result }
  | { id: number; say: "failed"; failure: Failure };

/** An error on its way between threads, which keeps neither its class nor its properties there. */
export type Failure = {
  kind: "file" | "damaged" | "gone" | "other";
  message: string;
  name: string;
  stack: string | undefined;
  code: unknown;
  errorLabels: unknown;
};

export function toFailure(thrown: unknown): Failure {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { message, name, stack } = error;
  const code = "code" in error ? error.code : undefined;
  const errorLabels = "errorLabels" in error ? error.errorLabels : undefined;
  return { kind: kindOf(error), message, name, stack, code, errorLabels };
}

function kindOf(error: Error): Failure["kind"] {
  if (error instanceof FileError) return "file";
  if (error instanceof ObjectDamaged) return "damaged";
  return error instanceof RowsGone ? "gone" : "other";
}

export function toError({ kind, message, ...rest }: Failure): Error {
  if (kind === "file") return new FileError(rest.code as FileError["code"], message);
  if (kind === "damaged") return new ObjectDamaged(message);
  if (kind === "gone") return new RowsGone(message);
  // With what tells a store that is away from other errors.
  return Object.assign(new Error(message), rest);
}

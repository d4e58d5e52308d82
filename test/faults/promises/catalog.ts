import type { Promised } from "../support/trial.ts";
import { killedWorker } from "./p01-killed-worker.ts";

/** Every promise of docs/guarantees.md. */
export const promises: readonly Promised[] = [killedWorker];

import type { JobErrorCode } from "../../protocol/jobs.ts";

/** A newer attempt, a retry or a cancel holds the job: whoever meets this stops without a word. */
export class FenceLost extends Error {
  override name = "FenceLost";
}

/** Ends the run at once: trying again can't help. */
export class JobFailure extends Error {
  override name = "JobFailure";
  readonly code: JobErrorCode;

  constructor(code: JobErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Why the signal of an attempt fires. */
export type StopReason = "cancel" | "lock_lost" | "shutdown";

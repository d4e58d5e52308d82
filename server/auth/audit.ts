import { AppError } from "../errors.ts";
import type { Logger } from "../infrastructure/logger.ts";
import { createSampler } from "../infrastructure/sampler.ts";
import type { Caller } from "./caller.ts";

export type Act = "register" | "login" | "refresh" | "password_change" | "session_end";

export type Who = { userId?: string; email?: string; sessionId?: string };

/**
 * The audit trail: one line a deed with `audit: true`; who, what, from where and how it ended, never a
 * secret. It is written at every log level but `silent`.
 */
export function createAudit(logger: Logger) {
  const isSilent = logger.level === "silent";
  const trail = logger.child({ audit: true }, isSilent ? {} : { level: "info" });

  function note(act: Act, outcome: string, who: Who, caller: Caller, more?: object): void {
    trail.info(describe(act, outcome, who, caller, more));
  }

  const sample = createSampler((line) => trail.info(line));

  /** Of refusals that may come in floods: one line a second and act at most, with how many it stands for. */
  function noteFlood(act: Act, outcome: string, who: Who, caller: Caller): void {
    sample(act, describe(act, outcome, who, caller));
  }

  return {
    note,
    noteFlood,
    /** Does a deed, and notes how it was refused if it was: by the code of its error. */
    async watch<T>(act: Act, who: Who, caller: Caller, work: () => Promise<T>): Promise<T> {
      try {
        return await work();
      } catch (err) {
        if (err instanceof AppError) note(act, err.code, who, caller);
        throw err;
      }
    },
  };
}

export type Audit = ReturnType<typeof createAudit>;

function describe(act: Act, outcome: string, who: Who, caller: Caller, more: object = {}) {
  const { ip, userAgent, requestId } = caller;
  return { act, outcome, at: new Date().toISOString(), ...who, ...more, ip, userAgent, requestId };
}

/** What was typed as an email, if it can be one: people type passwords into the wrong field. */
export const shownEmail = (typed: string): { email?: string } =>
  /^[^\s@]+@[^\s@]+$/u.test(typed) ? { email: typed } : {};

import { AppError } from "../errors.ts";
import type { Logger } from "../infrastructure/logger.ts";
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

  function note(act: Act, outcome: string, who: Who, caller: Caller, more: object = {}): void {
    const { ip, userAgent, requestId } = caller;
    const at = new Date().toISOString();
    trail.info({ act, outcome, at, ...who, ...more, ip, userAgent, requestId });
  }

  const floods = new Map<Act, { notedAt: number; count: number }>();

  /** Of refusals that may come in floods: one line a second and act at most, with how many it stands for. */
  function noteFlood(act: Act, outcome: string, who: Who, caller: Caller): void {
    const flood = floods.get(act) ?? { notedAt: 0, count: 0 };
    floods.set(act, flood);
    flood.count += 1;
    if (Date.now() - flood.notedAt < 1000) return;
    note(act, outcome, who, caller, { count: flood.count });
    Object.assign(flood, { notedAt: Date.now(), count: 0 });
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

/** What was typed as an email, if it can be one: people type passwords into the wrong field. */
export const shownEmail = (typed: string): { email?: string } =>
  /^[^\s@]+@[^\s@]+$/u.test(typed) ? { email: typed } : {};

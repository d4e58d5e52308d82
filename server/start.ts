import type { Logger } from "./infrastructure/logger.ts";

/** Says that a process is ready: in its log, and to the process that started it. */
export function announceStart(logger: Logger, role: string, url: string | null): void {
  logger.info({ event: "ready", role, url });
  process.send?.({ ready: true, url });
}

/** Ends a process that can't start, saying why in words. */
export function refuseStart(err: unknown): void {
  const cause = err instanceof Error && err.cause instanceof Error ? `\n${err.cause.message}` : "";
  process.stderr.write(`Sluice can't start: ${err instanceof Error ? err.message : err}${cause}\n`);
  process.exit(1);
}

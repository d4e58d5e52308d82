import type { Logger } from "./logger.ts";

const longestMs = 25_000;
/** A terminal's Ctrl-C and the signal that a parent passes on come as a pair. */
const pairMs = 500;

/**
 * Runs `close` at SIGTERM, SIGINT or the end of the process that started this one, and leaves with 0;
 * with 1 when it takes over 25 s, or at once when a second signal comes.
 */
export function closeOnSignal(logger: Logger, close: () => Promise<void>): void {
  let closingSince: number | null = null;
  const stop = async (signal: string) => {
    if (closingSince !== null) {
      if (signal !== "disconnect" && Date.now() - closingSince > pairMs) process.exit(1);
      return;
    }
    closingSince = Date.now();
    logger.info({ event: "stopping", signal });
    setTimeout(() => process.exit(1), longestMs).unref();
    await close().catch((err: unknown) => logger.error({ err, event: "stop_failed" }));
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("disconnect", () => stop("disconnect"));
}

/** A promise nobody awaited is a fault to log, not a reason to end everybody's connections. */
export function logStrays(logger: Logger): void {
  process.on("unhandledRejection", (err) => logger.error({ err, event: "unhandled_rejection" }));
}

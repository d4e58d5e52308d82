import { type Logger, pino } from "pino";
import pretty from "pino-pretty";

export type { Logger };

/** JSON lines on standard output; readable lines in development. */
export function createLogger(options: { level: string; pretty: boolean; node: string }): Logger {
  const settings = { level: options.level, base: { node: options.node } };
  if (!options.pretty) return pino(settings);
  const stream = pretty({ ignore: "pid,hostname", translateTime: "HH:MM:ss.l", singleLine: true });
  return pino(settings, stream);
}

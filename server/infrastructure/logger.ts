import { type Logger, pino, stdSerializers } from "pino";
import pretty from "pino-pretty";

export type { Logger };

/** JSON lines on standard output; readable lines in development. */
export function createLogger(options: { level: string; pretty: boolean; node: string }): Logger {
  const settings = { level: options.level, base: { node: options.node }, serializers };
  if (!options.pretty) return pino(settings);
  const stream = pretty({ ignore: "pid,hostname", translateTime: "HH:MM:ss.l", singleLine: true });
  return pino(settings, stream);
}

/**
 * Of an error what it is, and nothing that a driver hangs on to it: commands with passwords in them, documents,
 * rows. Causes stand in message and stack.
 */
function serializeError(err: unknown): unknown {
  if (!(err instanceof Error)) return err;
  const { type, message, stack } = stdSerializers.err(err);
  const { code, codeName, command } = err as {
    code?: unknown;
    codeName?: unknown;
    command?: unknown;
  };
  return { type, message, stack, code, codeName, command: Object(command).name };
}

/** For every logger. */
export const serializers = { err: serializeError };

import { Redis } from "ioredis";
import { AppError } from "../errors.ts";
import type { Logger } from "./logger.ts";

const longestRetryMs = 500;

/** A connection for request paths: it fails within 2 s while Redis is away. */
export function connectForRequests(url: string, logger: Logger): Redis {
  return connect(url, logger, {
    maxRetriesPerRequest: 1,
    commandTimeout: 2000,
    connectTimeout: 2000,
    // The caller decides whether to ask again: it may have given up by then.
    autoResendUnfulfilledCommands: false,
  });
}

/** A connection for the cache: away means a miss at once. */
export function connectForCache(url: string, logger: Logger): Redis {
  return connect(url, logger, {
    maxRetriesPerRequest: 0,
    commandTimeout: 500,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
  });
}

/** A connection that waits for Redis as long as it takes: adapters, subscriptions, queues. */
export function connectPatiently(url: string, logger: Logger): Redis {
  return connect(url, logger, { maxRetriesPerRequest: null });
}

function connect(url: string, logger: Logger, options: object): Redis {
  const redis = new Redis(url, {
    ...options,
    retryStrategy: (attempt) => Math.min(attempt * 50, longestRetryMs),
  });
  let isDown = false;
  redis.on("error", (err) => {
    if (!isDown) logger.warn({ err, event: "redis_down" });
    isDown = true;
  });
  redis.on("ready", () => {
    isDown = false;
  });
  return redis;
}

/**
 * Awaits commands of a connection that fails fast. ioredis rejects with nameless errors when the connection
 * fails; whatever isn't a reply of Redis itself is `unavailable`.
 */
export async function askRedis<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof Error && cause.name === "ReplyError") throw cause;
    throw new AppError("unavailable", "Redis can't be reached right now; try again shortly.", {
      cause,
      retryAfter: 1,
    });
  }
}

/** Finds the id of a Redis process in its `INFO server`. */
export function parseRunId(info: string): string {
  const runId = /^run_id:(\w+)/m.exec(info)?.[1];
  if (!runId) throw new Error("INFO holds no run_id");
  return runId;
}

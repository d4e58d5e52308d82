import type { Redis } from "ioredis";
import type { Logger } from "./logger.ts";
import type { Versioned, Versions } from "./versions.ts";

const secondsToLive = 60;

type Cached = { version: string; text: string };

/** What is asked for: a text that is made of a thing, and the same as long as its version is. */
type Question<Of extends Versioned> = {
  id: string;
  /** tells this text from all others of the same thing */
  key: string;
  read: () => Promise<Of>;
  compute: (subject: Of) => Promise<string>;
};

type Deps = { redis: Redis; versions: Versions; prefix: string; logger: Logger };

/**
 * Texts, kept with the version of what they were made of. A hit is one command of Redis and asks MongoDB
 * nothing. Equal requests on one node share one computation; a Redis that is down is a miss, never an error.
 */
export function createCache({ redis, versions, prefix, logger }: Deps) {
  const pending = new Map<string, Promise<string>>();

  async function lookUp(id: string, name: string): Promise<[string | null, Cached | null]> {
    const [known, stored] = await redis.mget(versions.keyOf(id), name).catch(() => []);
    return [known ?? null, stored ? split(stored) : null];
  }

  /** Looks once more, since somebody else's computation may have ended since the first look. */
  async function make(id: string, name: string, version: number, compute: () => Promise<string>) {
    const [, cached] = await lookUp(id, name);
    if (cached?.version === String(version)) return cached.text;
    const text = await compute();
    store(name, `${version}\n${text}`);
    return text;
  }

  /** One promise for all who wait for the same text of the same version. */
  function share(flight: string, start: () => Promise<string>): Promise<string> {
    const shared = pending.get(flight) ?? start().finally(() => pending.delete(flight));
    pending.set(flight, shared);
    return shared;
  }

  function store(name: string, entry: string): void {
    redis.set(name, entry, "EX", secondsToLive).catch((err: unknown) => {
      logger.debug({ err, event: "cache_write_failed" });
    });
  }

  return {
    async read<Of extends Versioned>({ id, key, read, compute }: Question<Of>): Promise<string> {
      const name = `${prefix}:{${id}}:cache:${key}`;
      const [known, cached] = await lookUp(id, name);
      if (cached && cached.version === known) return cached.text;
      const askedAt = performance.now();
      const subject = await read();
      versions.seen(subject, performance.now() - askedAt);
      if (cached?.version === String(subject.version)) return cached.text;
      const { version } = subject;
      return share(`${version} ${name}`, () => make(id, name, version, () => compute(subject)));
    },
  };
}

export type Cache = ReturnType<typeof createCache>;

function split(stored: string): Cached {
  const end = stored.indexOf("\n");
  return { version: stored.slice(0, end), text: stored.slice(end + 1) };
}

import type { Redis } from "ioredis";
import type { Logger } from "./logger.ts";
import type { Versioned, Versions } from "./versions.ts";

const secondsToLive = 60;
/** What is longer is made anew each time: a few wide rows must not push everything else out. */
const mostCharacters = 1024 * 1024;

type Cached = { version: string; text: string };

/** What is asked for: a text that is made of a thing, and the same as long as its version is. */
type Question<Of extends Versioned> = {
  id: string;
  /** tells this text from all others of the same thing */
  key: string;
  read: () => Promise<Of>;
  compute: (subject: Of) => Promise<string>;
};

/** All who ask for one text at the same time: what one of them has made the others needn't make again. */
type Crowd = { size: number; made: Cached | null; making: Map<number, Promise<string>> };

type Deps = { redis: Redis; versions: Versions; prefix: string; logger: Logger };

/**
 * Texts, kept with the version of what they were made of. A hit is one command of Redis and asks MongoDB
 * nothing. Equal requests on one node share one computation; a Redis that is down is a miss, never an error.
 */
export function createCache({ redis, versions, prefix, logger }: Deps) {
  const crowds = new Map<string, Crowd>();

  async function lookUp(id: string, name: string): Promise<[string | null, Cached | null]> {
    const [known, stored] = await redis.mget(versions.keyOf(id), name).catch(() => []);
    return [known ?? null, stored ? split(stored) : null];
  }

  async function find<Of extends Versioned>(
    name: string,
    crowd: Crowd,
    { id, read, compute }: Question<Of>,
  ): Promise<string> {
    const [known, cached] = await lookUp(id, name);
    if (cached && cached.version === known) return cached.text;
    const askedAt = performance.now();
    const subject = await read();
    versions.seen(subject, performance.now() - askedAt);
    const version = String(subject.version);
    for (const one of [cached, crowd.made]) if (one?.version === version) return one.text;
    return share(crowd, subject.version, async () => {
      const text = await compute(subject);
      crowd.made = { version, text };
      store(name, `${version}\n${text}`);
      return text;
    });
  }

  function share({ making }: Crowd, version: number, make: () => Promise<string>) {
    const shared = making.get(version) ?? make().finally(() => making.delete(version));
    making.set(version, shared);
    return shared;
  }

  function store(name: string, entry: string): void {
    if (entry.length > mostCharacters) return;
    redis.set(name, entry, "EX", secondsToLive).catch((err: unknown) => {
      logger.debug({ err, event: "cache_write_failed" });
    });
  }

  return {
    async read<Of extends Versioned>(question: Question<Of>): Promise<string> {
      const name = `${prefix}:{${question.id}}:cache:${question.key}`;
      const crowd = crowds.get(name) ?? { size: 0, made: null, making: new Map() };
      crowds.set(name, crowd);
      crowd.size += 1;
      try {
        return await find(name, crowd, question);
      } finally {
        crowd.size -= 1;
        if (crowd.size === 0) crowds.delete(name);
      }
    },
  };
}

export type Cache = ReturnType<typeof createCache>;

function split(stored: string): Cached {
  const end = stored.indexOf("\n");
  return { version: stored.slice(0, end), text: stored.slice(end + 1) };
}

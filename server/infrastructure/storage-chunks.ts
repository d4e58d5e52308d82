export const chunkBytes = 1024 * 1024;
/** The next bytes are received while these are stored; the driver's own stream waits for each chunk. */
const mostInFlight = 2;

/** Most files are small: they needn't have a whole chunk's memory. */
const firstBytes = 16 * 1024;

type Store = (n: number, data: Uint8Array) => Promise<void>;

/**
 * Cuts a stream into chunks of 1 MiB and stores them, in memory that is used again. `first` whole ones are
 * stored already.
 */
export function createChunks(store: Store, first = 0) {
  const spare: Buffer[] = [];
  const inFlight: Promise<void>[] = [];
  let chunk: Buffer = Buffer.alloc(0);
  let filled = 0;
  let count = first;

  function makeRoom(bytes: number): void {
    if (filled + bytes <= chunk.length) return;
    const larger = Math.min(chunkBytes, Math.max(firstBytes, 2 * chunk.length, filled + bytes));
    const grown = spare.pop() ?? Buffer.allocUnsafeSlow(larger);
    grown.set(chunk.subarray(0, filled));
    chunk = grown;
  }

  async function send(): Promise<void> {
    const used = chunk;
    const stored = store(count, used.subarray(0, filled)).then(() => {
      if (used.length === chunkBytes) spare.push(used);
    });
    stored.catch(() => {});
    inFlight.push(stored);
    count += 1;
    filled = 0;
    chunk = Buffer.alloc(0);
    while (inFlight.length >= mostInFlight) await awaitOldest();
  }

  async function awaitOldest(): Promise<void> {
    await inFlight[0];
    inFlight.shift();
  }

  return {
    /** How many bytes from the start on are stored for certain. */
    stored: () => (count - inFlight.length) * chunkBytes,

    async add(piece: Uint8Array): Promise<void> {
      for (let at = 0; at < piece.length; ) {
        const taken = Math.min(chunkBytes - filled, piece.length - at);
        makeRoom(taken);
        chunk.set(piece.subarray(at, at + taken), filled);
        filled += taken;
        at += taken;
        if (filled === chunkBytes) await send();
      }
    },

    /** Stores what is left, waits for all of it and answers how many bytes there were. */
    async end(): Promise<number> {
      const bytes = count * chunkBytes + filled;
      if (filled > 0) await send();
      while (inFlight.length > 0) await awaitOldest();
      return bytes;
    },

    /** Waits, after a failure, until nothing is on its way any more. */
    settled: () => Promise.allSettled(inFlight),
  };
}

import { EventEmitter, once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";

/** What happens to the bytes of one direction; the default is nothing. */
export type Weather = {
  isStalled: boolean;
  /** ms that every chunk waits */
  delayMs: number;
  /** for each connection alone, some faster and some slower, or batches would travel in step */
  bytesPerSecond: number;
  /** chunks are cut into pieces of so many bytes */
  sliceBytes: number;
};

/** From a quarter to seven quarters, never the same twice in a row: multiples of the golden ratio. */
const shareOf = (connection: number) => 0.25 + 1.5 * ((connection * 0.618) % 1);

const fair: Weather = {
  isStalled: false,
  delayMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  sliceBytes: Number.POSITIVE_INFINITY,
};

/**
 * A TCP proxy on 127.0.0.1 that leads to `target` (a URL with a port) and spoils the line on demand:
 * toxiproxy's toxics (https://github.com/Shopify/toxiproxy) as far as the promises need them.
 */
export async function openProxy(target: string) {
  let goal = new URL(target);
  let isRefusing = false;
  const near = new Set<Socket>();
  let opened = 0;
  const toServer = createWay();
  const toClient = createWay();

  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (isRefusing) return client.destroy();
    const { port, hostname } = goal;
    const upstream = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    const gone = new AbortController();
    near.add(client);
    opened += 1;
    const share = shareOf(opened);
    const end = () => {
      near.delete(client);
      gone.abort();
      client.destroy();
      upstream.destroy();
    };
    client.once("close", end);
    upstream.once("close", end);
    // An error closes both ends; nothing more is to be said about it.
    const ignore = () => {};
    pipeline(client, toServer.through(gone.signal, share), upstream, ignore);
    pipeline(upstream, toClient.through(gone.signal, share), client, ignore);
    return client;
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  const { port } = address;

  const cut = () => {
    for (const socket of near) socket.destroy();
  };
  return {
    port,
    toServer,
    toClient,
    /** The same URL by way of this proxy. */
    get url(): string {
      const through = new URL(goal);
      through.host = `127.0.0.1:${port}`;
      return through.href;
    },
    connections: () => near.size,
    leadTo(next: string): void {
      goal = new URL(next);
    },
    /** Ends every connection; new ones may come. */
    cut,
    /** Ends every connection with RST instead of FIN. */
    reset(): void {
      for (const socket of near) socket.resetAndDestroy();
    },
    /** Ends every connection and takes no new ones until `accept`. */
    refuse(): void {
      isRefusing = true;
      cut();
    },
    accept(): void {
      isRefusing = false;
    },
    /** Holds what is sent in both directions until `go`; connections stay open. */
    stall(): void {
      for (const way of [toServer, toClient]) way.set({ isStalled: true });
    },
    go(): void {
      for (const way of [toServer, toClient]) way.set({ isStalled: false });
    },
    async [Symbol.asyncDispose](): Promise<void> {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}

export type Line = Awaited<ReturnType<typeof openProxy>>;

/** One direction of all connections of a proxy. */
function createWay() {
  let weather = fair;
  const changed = new EventEmitter().setMaxListeners(0);

  async function admit(bytes: number, share: number, signal: AbortSignal): Promise<void> {
    const ms = weather.delayMs + (1000 * bytes) / (share * weather.bytesPerSecond);
    if (ms >= 1) await pause(ms, undefined, { signal });
    // After the wait: what is on its way when the line stalls is held as well.
    while (weather.isStalled) {
      changed.emit("held");
      await once(changed, "change", { signal });
    }
  }

  function set(changes: Partial<Weather>): void {
    weather = { ...weather, ...changes };
    changed.emit("change");
  }

  return {
    set,
    clear: () => set(fair),
    /** Resolves when a stalled line has the next bytes to hold. */
    untilHeld: () => once(changed, "held"),
    /** Ends with an AbortError when the connection is gone. */
    through: (signal: AbortSignal, share: number) =>
      async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
        for await (const chunk of chunks) {
          for (const piece of slice(chunk, weather.sliceBytes)) {
            await admit(piece.length, share, signal);
            yield piece;
          }
        }
      },
  };
}

function* slice(chunk: Buffer, bytes: number): Generator<Buffer> {
  for (let at = 0; at < chunk.length; at += Math.min(bytes, chunk.length)) {
    yield chunk.subarray(at, at + bytes);
  }
}

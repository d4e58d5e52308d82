import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { Transform } from "node:stream";

/** A way to MongoDB on which each connection carries at most `bytesPerSecond` towards it. */
export async function openSlowLink(uri: string, bytesPerSecond: number) {
  const target = new URL(uri);
  const { port, hostname } = target;
  const sockets = new Set<Socket>();

  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.pipe(throttle(bytesPerSecond)).pipe(far);
    far.pipe(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");

  target.port = String(address.port);
  // Or the driver would ask the replica set for the address of its primary, and go there.
  target.searchParams.delete("replicaSet");
  target.searchParams.set("directConnection", "true");
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    uri: target.href,
    /** Loses what is on the way, as the machine of a killed process would: pipes still carry it. */
    cut,
    async [Symbol.asyncDispose](): Promise<void> {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}

export type SlowLink = Awaited<ReturnType<typeof openSlowLink>>;

/** Holds each chunk for as long as its bytes take. */
function throttle(bytesPerSecond: number): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      setTimeout(done, (1000 * chunk.length) / bytesPerSecond, null, chunk);
    },
  });
}

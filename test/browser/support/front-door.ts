import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/**
 * One address for all nodes, as a load balancer gives: a new connection goes to the node that is set,
 * and is closed at once while none is.
 */
export async function openFrontDoor() {
  const sockets = new Set<Socket>();
  let node: URL | null = null;

  const server = createServer((near) => {
    if (!node) return near.destroy();
    const far = connect(Number(node.port), node.hostname);
    near.pipe(far).pipe(near);
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
    return undefined;
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");

  return {
    url: `http://127.0.0.1:${address.port}`,
    leadTo(url: string | null): void {
      node = url === null ? null : new URL(url);
    },
    /** Ends every connection that is open. */
    cut(): void {
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose](): Promise<void> {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

export type FrontDoor = Awaited<ReturnType<typeof openFrontDoor>>;

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to Redis that can be shut: what comes in meanwhile waits, as on a network that hangs. */
export async function openGate(url: string) {
  const { hostname, port } = new URL(url);
  const pairs = new Set<[Socket, Socket]>();
  let isShut = false;

  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    for (const [one, other] of [pair, [far, near] as const]) {
      one.on("data", (data) => other.write(data));
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
      if (isShut) one.pause();
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");

  const each = (act: (socket: Socket) => void) => {
    for (const socket of [...pairs].flat()) act(socket);
  };
  return {
    url: `redis://127.0.0.1:${address.port}`,
    shut(): void {
      isShut = true;
      each((socket) => socket.pause());
    },
    open(): void {
      isShut = false;
      each((socket) => socket.resume());
    },
    async [Symbol.asyncDispose](): Promise<void> {
      each((socket) => socket.destroy());
      server.close();
      await once(server, "close");
    },
  };
}

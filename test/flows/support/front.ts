import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** One address in front of several nodes; new connections go to the node that it leads to at the time. */
export async function openFront(url: string) {
  let target = new URL(url);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      open.add(one);
      one.on("error", () => {}).on("close", () => other.destroy());
      one.pipe(other);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    leadTo(next: string): void {
      target = new URL(next);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, "close");
    },
  };
}

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to a store that can be cut: connections break and new ones are refused, as if it were down. */
export async function openLink(url: string) {
  const target = new URL(url);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      open.add(one);
      one
        .on("error", () => {})
        .on("close", () => {
          open.delete(one);
          other.destroy();
        });
      one.pipe(other);
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  const { port } = address;

  async function cut(): Promise<void> {
    server.close();
    for (const socket of open) socket.destroy();
    if (server.listening) await once(server, "close");
  }

  return {
    /** the store's address by this way; the driver must not look for other members */
    url: viaPort(target, port),
    cut,
    async mend(): Promise<void> {
      await once(server.listen(port, "127.0.0.1"), "listening");
    },
  };
}

function viaPort(target: URL, port: number): string {
  const via = new URL(target);
  via.port = String(port);
  if (via.protocol === "mongodb:") via.search = "?directConnection=true";
  return via.href;
}

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/**
 * A way to a store that can be cut (connections break and new ones are refused, as if it were down) or
 * stalled (they stay and say nothing, as if it hung).
 */
export async function openLink(url: string) {
  const target = new URL(url);
  const open = new Set<Socket>();
  let isStalled = false;
  let stallsAt = "";
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
      one.on("data", (data) => {
        if (stallsAt && data.includes(stallsAt)) stall();
        other.write(data);
      });
      if (isStalled) one.pause();
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  const { port } = address;

  function stall(): void {
    stallsAt = "";
    isStalled = true;
    for (const socket of open) socket.pause();
  }

  async function cut(): Promise<void> {
    server.close();
    for (const socket of open) socket.destroy();
    if (server.listening) await once(server, "close");
  }

  return {
    /** the store's address by this way; the driver must not look for other members */
    url: viaPort(target, port),
    cut,
    stall,
    /** Stalls once this text has passed: its answer doesn't. */
    stallAfter(text: string): void {
      stallsAt = text;
    },
    flow(): void {
      isStalled = false;
      for (const socket of open) socket.resume();
    },
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

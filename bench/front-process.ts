import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { serveOwner } from "./program.ts";

export type FrontReady = { url: string };
export type FrontOrder = { leadTo: string };

/** A TCP front whose goal can be changed, for clients that must find another node at the same address. */
const { TARGET = "" } = process.env;
let goal = new URL(TARGET);

const server = createServer((client) => {
  const node = connect(Number(goal.port), goal.hostname);
  client.on("error", () => node.destroy()).on("close", () => node.destroy());
  node.on("error", () => client.destroy()).on("close", () => client.destroy());
  client.pipe(node).pipe(client);
});
await once(server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }), "listening");
const { port } = server.address() as AddressInfo;

serveOwner({ url: `http://127.0.0.1:${port}` } satisfies FrontReady, async (order: FrontOrder) => {
  goal = new URL(order.leadTo);
  return {};
});

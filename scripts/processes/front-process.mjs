// A plain TCP front: `node front-process.mjs PORT NODE_PORT…` spreads connections over the live nodes.
import { connect, createServer } from "node:net";

const host = "127.0.0.1";
const [port = 0, ...nodePorts] = process.argv.slice(2).map(Number);
let turn = 0;

/**
 * Connects to the next node that accepts; null when none does.
 * @returns {Promise<import("node:net").Socket | null>}
 */
async function findNode() {
  const first = turn++;
  for (let tried = 0; tried < nodePorts.length; tried += 1) {
    const node = connect(nodePorts[(first + tried) % nodePorts.length] ?? 0, host);
    const accepts = await new Promise((resolve) => {
      node.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    if (accepts) return node;
  }
  return null;
}

/** When either side is gone, so is the other: a browser loses the node that served it. */
const server = createServer({ pauseOnConnect: true }, async (client) => {
  client.on("error", () => client.destroy());
  const node = await findNode();
  if (!node || client.destroyed) {
    node?.destroy();
    client.destroy();
    return;
  }
  node.on("error", () => client.destroy()).on("close", () => client.destroy());
  client.on("close", () => node.destroy());
  client.pipe(node).pipe(client);
});

server.listen(port, host, () => process.send?.({ ready: true, url: `http://${host}:${port}` }));

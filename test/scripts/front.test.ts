import { fork } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { watchOver } from "../../scripts/processes/guard.mjs";
import { choosePort } from "../../scripts/processes/ports.mjs";

const program = new URL("../../scripts/processes/front-process.mjs", import.meta.url);
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Stands in for a node: greets every connection with its name. */
async function startNode(name: string) {
  const held = new Set<Socket>();
  const server = createServer((socket) => {
    held.add(socket.on("error", () => {}).on("close", () => held.delete(socket)));
    socket.write(name);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const die = () => {
    server.close();
    for (const socket of held) socket.destroy();
  };
  ends.push(die);
  return { port: (server.address() as AddressInfo).port, held, die };
}

async function startFront(nodes: { port: number }[]): Promise<number> {
  const port = await choosePort();
  const front = fork(program, [`${port}`, ...nodes.map((node) => `${node.port}`)]);
  watchOver(front);
  ends.push(() => front.kill());
  await once(front, "message");
  return port;
}

async function open(port: number) {
  const socket = connect(port, "127.0.0.1");
  ends.push(() => socket.destroy());
  const [greeting] = await once(socket, "data");
  return { socket, node: String(greeting) };
}

describe("the front of a cluster", () => {
  it("gives new connections to the nodes in turn", async () => {
    const front = await startFront([await startNode("a"), await startNode("b")]);

    const taken = [await open(front), await open(front), await open(front)];

    expect(taken.map(({ node }) => node)).toEqual(["a", "b", "a"]);
  });

  it("cuts the connections of a node that dies, and no others", async () => {
    const [a, b] = [await startNode("a"), await startNode("b")];
    const front = await startFront([a, b]);
    const [first, second] = [await open(front), await open(front)];

    a.die();
    await once(first.socket, "close");

    expect(second.socket.closed).toBe(false);
    expect((await open(front)).node).toBe("b");
  });

  it("lets go of the node's side when a caller leaves", async () => {
    const a = await startNode("a");
    const { socket } = await open(await startFront([a]));
    const [nodeSide] = a.held;

    socket.destroy();
    await once(nodeSide ?? socket, "close");

    expect(a.held.size).toBe(0);
  });

  it("turns a caller away when no node lives", async () => {
    const a = await startNode("a");
    const front = await startFront([a]);
    a.die();

    const socket = connect(front, "127.0.0.1").resume();
    await once(socket, "close");

    expect(socket.bytesRead).toBe(0);
  });
});

import { afterEach } from "@jest/globals";
import { connect, type SluiceSocket } from "../../client/connect.ts";
import { startNode } from "./bare-node.ts";

const opened: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

/** A node and a connection to it; both are closed after the test. */
export const start = async ({ token = "good" } = {}) => {
  const node = await startNode();
  const socket = connect(node.url, { token });
  opened.push(node, socket);
  return { node, socket };
};

export const disconnected = (socket: SluiceSocket) =>
  new Promise<string>((resolve) => socket.once("disconnect", resolve));

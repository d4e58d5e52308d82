import { connect, createServer } from "node:net";

// Below the range of outgoing connections: a client that reconnects to a dead server there can
// be given the server's port as its own, and then holds it.
const FIRST = 20_000;
const COUNT = 12_000;

/** True when nothing listens on the port yet. @param {number} port @param {string} [host] */
export function isFree(port, host = "127.0.0.1") {
  return new Promise((/** @type {(free: boolean) => void} */ resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host }, () => server.close(() => resolve(true)));
  });
}

/** A free port of 127.0.0.1, the preferred one if it can be had. @param {number} [preferred] */
export async function choosePort(preferred) {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (await isFree(port)) return port;
  }
}

/** True when something on 127.0.0.1 takes the connection. @param {number} port */
export function accepts(port) {
  return new Promise((/** @type {(accepted: boolean) => void} */ resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => socket.destroy());
    socket.once("error", () => resolve(false));
    socket.once("close", (failed) => resolve(!failed));
  });
}

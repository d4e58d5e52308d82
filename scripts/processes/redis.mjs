import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import { until } from "./until.mjs";

/** True once the server answers PING; it answers -LOADING while it reads its file. @param {number} port */
function answersPing(port) {
  return new Promise((/** @type {(answers: boolean) => void} */ resolve) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => socket.write("PING\r\n"));
    const finish = (/** @type {boolean} */ answers) => {
      socket.destroy();
      resolve(answers);
    };
    socket.once("data", (reply) => finish(reply.toString().startsWith("+PONG")));
    socket.once("error", () => finish(false));
    socket.once("close", () => finish(false));
  });
}

/**
 * A Redis on 127.0.0.1 that keeps what it has acknowledged and evicts nothing.
 * @param {{ program: string, folder: string, port: number, log: number }} options `log` is a file
 *   descriptor
 * @returns {import("./keep-running.mjs").Service}
 */
export function redisService({ program, folder, port, log }) {
  mkdirSync(folder, { recursive: true });
  const network = ["--bind", "127.0.0.1", "--port", `${port}`, "--dir", folder];
  // The append-only file is what survives; snapshots beside it would only cost.
  const durable = ["--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"];
  return {
    role: "redis",
    index: 0,
    spawn: () =>
      spawn(program, [...network, ...durable], { detached: true, stdio: ["ignore", log, log] }),
    ready: (child) =>
      until(async () => ((await answersPing(port)) ? `redis://127.0.0.1:${port}` : null), {
        child,
      }),
  };
}

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectSafely } from "node:tls";

/** A connection on which a test writes HTTP byte by byte. */
export async function openRaw(url: string): Promise<Socket> {
  const { hostname, port, protocol } = new URL(url);
  const isSafe = protocol === "https:";
  const at = { host: hostname, port: Number(port) || (isSafe ? 443 : 80) };
  const socket = isSafe ? connectSafely({ ...at, servername: hostname }) : connect(at);
  socket.on("error", () => {});
  await once(socket, isSafe ? "secureConnect" : "connect");
  return socket;
}

/** Everything the server says until it closes the connection. */
export async function readToEnd(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("latin1").on("data", (data) => {
    text += data;
  });
  if (!socket.closed) await once(socket, "close");
  return text;
}

/** Sends a request as it stands and gives the whole answer; the server has to close. */
export async function sendRaw(url: string, lines: string[], body = ""): Promise<string> {
  const socket = await openRaw(url);
  socket.write(`${[...lines, "Host: test", "Connection: close"].join("\r\n")}\r\n\r\n${body}`);
  return readToEnd(socket);
}

/** The status of such an answer; 0 where the connection closed without one. */
export const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);

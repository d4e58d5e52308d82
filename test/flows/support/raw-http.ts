import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A connection on which a test writes HTTP byte by byte. */
export async function openRaw(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  await once(socket, "connect");
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

import { openRaw, readToEnd, statusOf } from "../../flows/support/raw-http.ts";
import type { World } from "./world.ts";

/** Sends bytes as they stand to the server, which has to close, and gives its whole answer. */
export async function exchange(world: World, lines: string[], body = ""): Promise<string> {
  const socket = await openRaw(world.url);
  const { host } = new URL(world.url);
  const own = Object.entries(world.headers()).map(([name, value]) => `${name}: ${value}`);
  socket.write(
    `${[...lines, `Host: ${host}`, ...own, "Connection: close"].join("\r\n")}\r\n\r\n${body}`,
  );
  return readToEnd(socket);
}

export const statusFor = async (world: World, lines: string[], body = "") =>
  statusOf(await exchange(world, lines, body));

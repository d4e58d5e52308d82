import { once } from "node:events";
import type { Socket } from "node:net";
import { openRaw } from "../../flows/support/raw-http.ts";

/** A WebSocket that was let through by HTTP, and from then on neither says nor answers anything. */
export async function openSilently(address: string): Promise<Socket> {
  const socket = await openRaw(address);
  const key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  socket.write(
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: test\r\n" +
      `Connection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n\r\n`,
  );
  const [answer] = await once(socket, "data");
  if (!String(answer).startsWith("HTTP/1.1 101")) throw new Error(String(answer));
  return socket;
}

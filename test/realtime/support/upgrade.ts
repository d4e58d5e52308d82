import { type IncomingHttpHeaders, request } from "node:http";
import { request as requestSafely } from "node:https";

type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

/** What answers a WebSocket handshake sent by hand; 101 when it was let in (and then cut). */
export function upgrade(
  address: string,
  {
    query = "EIO=4&transport=websocket",
    origin,
    headers: more = {},
  }: { query?: string; origin?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const headers = {
    ...more,
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...(origin !== undefined && { Origin: origin }),
  };
  return new Promise((resolve, reject) => {
    const send = address.startsWith("https:") ? requestSafely : request;
    const handshake = send(`${address}/socket.io/?${query}`, { headers });
    handshake.on("error", reject);
    handshake.on("upgrade", (_response, socket, head) => {
      const done = (text: Buffer) => {
        socket.destroy();
        resolve({ status: 101, headers: {}, body: text.toString() });
      };
      if (head.length > 0) done(head);
      else socket.once("data", done);
    });
    handshake.on("response", async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
    handshake.end();
  });
}

import type { IncomingMessage } from "node:http";
import { errorCodes, type Problem } from "../../protocol/errors.ts";
import { createId } from "../infrastructure/ids.ts";

/** Answers a request for a WebSocket with plain HTTP, by hand, and ends its connection. */
export function refuseUpgrade(
  req: IncomingMessage,
  { status, headers, body }: { status: string; headers: string[]; body: string },
): void {
  const head = [`HTTP/1.1 ${status}`, "Connection: close", ...headers];
  // Node has taken its own listener off a socket that asks for an upgrade.
  req.socket.on("error", () => {});
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  req.socket.end(`${[...head, length].join("\r\n")}\r\n\r\n${body}`);
}

/** The same as a problem document `unavailable`; `retryAfter` in seconds. */
export function refuseAsUnavailable(
  req: IncomingMessage,
  detail: string,
  retryAfter: number,
): void {
  const { status, title } = errorCodes.unavailable;
  const problem: Problem = {
    type: "about:blank",
    title,
    status,
    detail,
    code: "unavailable",
    requestId: createId(),
    retryAfter,
  };
  refuseUpgrade(req, {
    status: `${status} Service Unavailable`,
    headers: ["Content-Type: application/problem+json", `Retry-After: ${retryAfter}`],
    body: JSON.stringify(problem),
  });
}

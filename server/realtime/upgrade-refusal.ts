import { type IncomingMessage, STATUS_CODES } from "node:http";
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

type Refusal = {
  code: "unavailable" | "rate_limited";
  detail: string;
  /** seconds */
  retryAfter: number;
};

/** The same as a problem document. */
export function refuseForNow(req: IncomingMessage, { code, detail, retryAfter }: Refusal): void {
  const { status, title } = errorCodes[code];
  const requestId = createId();
  const problem: Problem = {
    type: "about:blank",
    title,
    status,
    detail,
    code,
    requestId,
    retryAfter,
  };
  refuseUpgrade(req, {
    status: `${status} ${STATUS_CODES[status]}`,
    headers: ["Content-Type: application/problem+json", `Retry-After: ${retryAfter}`],
    body: JSON.stringify(problem),
  });
}

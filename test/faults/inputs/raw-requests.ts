import fc from "fast-check";
import { alter, change, wildText } from "./texts.ts";

const head = (line: string, ...headers: string[]) =>
  `${[line, "Host: test", "Authorization: Bearer @token:3", ...headers].join("\r\n")}\r\n\r\n`;
const json = "Content-Type: application/json";
const upgrade = [
  ...["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"],
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

/** Requests as they go over the line. */
const good = [
  head("GET /api/v1/me HTTP/1.1"),
  head("GET /api/v1/datasets?limit=1 HTTP/1.1", "Cookie: a=b", "X-Forwarded-For: 1.2.3.4"),
  head("GET /healthz HTTP/1.0"),
  `${head("POST /api/v1/auth/refresh HTTP/1.1", json, "Content-Length: 20")}{"refreshToken":"xx"}`,
  `${head("POST /api/v1/auth/refresh HTTP/1.1", json, "Transfer-Encoding: chunked")}2\r\n{}\r\n0\r\n\r\n`,
  `${head("POST /api/v1/jobs/@job:4/cancel HTTP/1.1", json, "Content-Length: 2", "Expect: 100-continue")}{}`,
  `${head("PATCH /api/v1/datasets/@dataset:4 HTTP/1.1", json, "Content-Length: 12")}{"name":"xy"}`,
  `${head("POST /api/v1/datasets?name=x HTTP/1.1", "Content-Type: text/csv", "Content-Length: 99")}a,b\n1,2\n`,
  `${head("POST /api/v1/datasets HTTP/1.1", "Content-Type: text/csv", "Transfer-Encoding: chunked")}3;x=y\r\na\n1\r\n1`,
  head("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", ...upgrade),
  `${head("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", ...upgrade)}\x81\x82\x00\x00\x00\x0040`,
  head("GET /socket.io/?EIO=4&transport=polling HTTP/1.1"),
  head("GET /api/v1/jobs/@job:0/events HTTP/1.1", "Last-Event-ID: x:1"),
  head("GET /api/v1/files/@file:0 HTTP/1.1", "Range: bytes=0-3"),
  head("OPTIONS * HTTP/1.1"),
  head("CONNECT test:80 HTTP/1.1"),
];

const bits = fc.oneof(
  fc.constantFrom(
    ...[
      "\r\n",
      "\n",
      "\r",
      "\0",
      " ",
      "\t",
      ":",
      ",",
      ";",
      "\r\n ",
      "\r\n\t x",
      "%",
      "%00",
      "?",
      "#",
      "\xff",
      "é",
    ],
    ...[
      "Content-Length: 5\r\n",
      "Content-Length: -1\r\n",
      "Content-Length: 99999999999999999999\r\n",
    ],
    ...[
      "Transfer-Encoding: chunked\r\n",
      "Transfer-Encoding: xchunked\r\n",
      "Transfer-Encoding : chunked\r\n",
    ],
    ...[
      "Connection: close\r\n",
      "Connection: upgrade\r\n",
      "Upgrade: h2c\r\n",
      "Expect: x\r\n",
      "Host: a\r\n",
    ],
    ...[
      "Trailer: x\r\n",
      "ffffffffffffffff\r\n",
      "0\r\n\r\n",
      "-1\r\n",
      "HTTP/9.9",
      "PRI * HTTP/2.0\r\n\r\n",
    ],
    ...[
      `X: ${"y".repeat(17_000)}\r\n`,
      "Sec-WebSocket-Version: 12\r\n",
      "sid=x&",
      "http://x/",
      "//",
      "/../",
    ],
  ),
  wildText,
);

/** Bytes (one a character) that are nearly a request. */
export const rawRequests = fc
  .tuple(
    fc.constantFrom(...good),
    fc.oneof(fc.array(change(bits), { maxLength: 1 }), fc.array(change(bits), { maxLength: 3 })),
  )
  .map(([text, changes]) => alter(text, changes));

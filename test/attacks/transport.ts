import { once } from "node:events";
import { openTrickles } from "../faults/support/bad-clients.ts";
import { openSilently } from "../realtime/support/silent.ts";
import { upgrade } from "../realtime/support/upgrade.ts";
import { call } from "../support/client.ts";
import { registerByCookie } from "./kit/cookies.ts";
import { sampleOf } from "./kit/dataset.ts";
import { endsWithin, inTurn } from "./kit/patience.ts";
import { exchange, statusFor } from "./kit/raw.ts";
import { distinct, oneOf, type Row } from "./kit/row.ts";
import { knock, withSocket } from "./kit/sockets.ts";
import type { World } from "./kit/world.ts";

const evil = "https://evil.example";
const refused = "400 or 403";
const slack = 3000;

/** What becomes of a connection that sends these packets: only it may suffer. */
const afterPackets = (world: World, packets: (string | Buffer)[]) =>
  withSocket(world, async (socket) => {
    for (const packet of packets) socket.send(packet);
    return (await socket.isClosed()) ? "closed" : "open";
  });

export const transport: Row[] = [
  {
    id: "T01",
    input: "WebSocket handshake from a page of another origin",
    expected: [refused, false],
    async act(world) {
      const { status, body } = await upgrade(world.url, { origin: evil, headers: world.headers() });
      return [oneOf(status, 400, 403), body.includes("sid")];
    },
  },
  {
    id: "T02",
    input: "handshake by polling",
    expected: [400, false, null],
    async act(world) {
      const path = "/socket.io/?EIO=4&transport=polling";
      const { status, body, headers } = await call(world.url, path, {
        headers: { Origin: evil, ...world.headers() },
      });
      const allowed = headers.get("Access-Control-Allow-Origin");
      return [status, JSON.stringify(body).includes('\\"sid'), allowed];
    },
  },
  {
    id: "T09",
    input: "upgrade that names somebody's live connection",
    expected: [refused, "ok"],
    act: (world) =>
      withSocket(world, async (socket) => {
        const query = `EIO=4&transport=websocket&sid=${socket.sid}`;
        const { status } = await upgrade(world.url, { query, headers: world.headers() });
        return [oneOf(status, 400, 403), await socket.ask("jobs:list", {})];
      }),
  },
  {
    id: "T05",
    input: "no Origin: a token in the payload; a cookie",
    expected: ["in", 403],
    async act(world) {
      const { token } = await world.ann();
      const { cookie } = await registerByCookie(world);
      const headers = { Cookie: cookie, ...world.headers() };
      const byCookie = await call(world.url, "/api/v1/auth/refresh", { method: "POST", headers });
      return [await knock(world, { auth: { token } }), byCookie.status];
    },
  },
  {
    id: "T06",
    input: "EIO=3; no EIO",
    expected: [
      [400, 5],
      [400, 5],
    ],
    act: (world) =>
      inTurn(["EIO=3&transport=websocket", "transport=websocket"], async (query) => {
        const { status, body } = await upgrade(world.url, { query, headers: world.headers() });
        return [status, status === 400 && JSON.parse(body).code];
      }),
  },
  {
    id: "T11",
    input: "1,000 connections that send their headers byte by byte",
    expected: "all closed within 20 s",
    isSlow: true,
    mostMegabytes: 50,
    async act(world) {
      const trickles = await openTrickles(world.url, 1000);
      const late = (await trickles.untilClosed()).filter((ms) => ms > 20_000 + slack);
      return late.length === 0 ? "all closed within 20 s" : `${late.length} stayed longer`;
    },
  },
  {
    id: "T13",
    input: "17 KB of headers",
    expected: 431,
    act: (world) => statusFor(world, ["GET /healthz HTTP/1.1", `X-Big: ${"x".repeat(17 * 1024)}`]),
  },
  {
    id: "T17",
    input: "WebSocket that never says CONNECT",
    expected: "closed within 10 s",
    isSlow: true,
    async act(world) {
      const socket = await openSilently(world.url);
      socket.resume();
      const isClosed = await endsWithin(10_000 + slack, once(socket, "close"));
      socket.destroy();
      return isClosed ? "closed within 10 s" : "open";
    },
  },
  {
    id: "T20",
    input: "message one byte over the limit",
    expected: [1009, "in"],
    act: (world) =>
      withSocket(world, async (socket) => {
        // The library puts the packet's type in front.
        socket.send("2".repeat(64 * 1024));
        await socket.isClosed();
        const { token } = await world.ann();
        return [socket.closeCode(), await knock(world, { auth: { token } })];
      }),
  },
  {
    id: "T24",
    input: "type 9; cut JSON; wrong placeholder; 1,000 attachments announced",
    expected: ["closed", "closed", "closed", "closed"],
    act: (world) =>
      inTurn(
        [
          ["9"],
          ['2["jobs:list",{'],
          ['51-["jobs:list",{"_placeholder":true,"num":7}]', Buffer.from("x")],
          ['51000-["jobs:list",{}]'],
        ],
        (packets) => afterPackets(world, packets),
      ),
  },
  {
    id: "T26",
    input: "events called connect_error, disconnect, error",
    expected: ["closed", "closed", "not_found"],
    act: async (world) => [
      await afterPackets(world, ['20["connect_error",{}]']),
      await afterPackets(world, ['20["disconnect"]']),
      await withSocket(world, (socket) => socket.ask("error", {})),
    ],
  },
  {
    id: "T27",
    input: "TRACE, PUT, CONNECT; X-HTTP-Method-Override",
    expected: [["405 or 501"], "no tunnel", "ready", "405 or 404"],
    async act(world) {
      const paths = ["/api/v1/me", "/api/v1/datasets", "/healthz", "/api/v1/auth/login"];
      const lines = paths.flatMap((path) => [`TRACE ${path} HTTP/1.1`, `PUT ${path} HTTP/1.1`]);
      const statuses = await inTurn(lines, (line) => statusFor(world, [line]));
      const tunnel = await exchange(world, ["CONNECT example.com:80 HTTP/1.1"]);
      const { client, dataset } = await sampleOf(world);
      const path = `/api/v1/datasets/${dataset.id}`;
      const headers = { "X-HTTP-Method-Override": "DELETE" };
      const read = await client.call<{ status: string }>(path, { headers });
      const posted = await client.call(path, { method: "POST", headers });
      return [
        distinct(statuses.map((status) => oneOf(status, 405, 501))),
        / 200 /.test(tunnel.slice(0, 20)) ? "a tunnel" : "no tunnel",
        read.body.status,
        oneOf(posted.status, 405, 404),
      ];
    },
  },
];

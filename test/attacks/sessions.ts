import { createClient } from "../support/client.ts";
import { endsWithin } from "./kit/patience.ts";
import type { Row } from "./kit/row.ts";
import { knock, openSocket } from "./kit/sockets.ts";
import { codeOf } from "./kit/tokens.ts";
import type { World } from "./kit/world.ts";

const shortTokens = "short-lived tokens";

/** Somebody whose tokens live so long (seconds), and a connection of theirs that isn't renewed. */
async function openBriefly(world: World, seconds: number) {
  const { url } = await world.node({ ACCESS_TOKEN_TTL: String(seconds) });
  const client = await createClient(url, world.headers());
  return { client, socket: await openSocket(world, client, url) };
}

export const sessions: Row[] = [
  {
    id: "S01",
    input: "access token expires, socket idle",
    expected: [["hello", "session:expiring", "session:ended"], "token_expired", "closed"],
    needs: shortTokens,
    isSlow: true,
    async act(world) {
      const { socket } = await openBriefly(world, 4);
      const isClosed = await endsWithin(9000, socket.closed);
      const ended = socket.heard.find(({ event }) => event === "session:ended");
      const events = socket.heard.map(({ event }) => event);
      return [events, Object(ended?.data).code, isClosed ? "closed" : "open"];
    },
  },
  {
    id: "S02",
    input: "request after the token's end",
    expected: ["token_expired", "no request served", "closed"],
    needs: shortTokens,
    isSlow: true,
    async act(world) {
      const { client, socket } = await openBriefly(world, 3);
      const { exp } = JSON.parse(atob(client.token.split(".")[1] ?? "")) as { exp: number };
      let served = 0;
      // The socket is closed at that very moment: whoever asks around it must not be served after.
      while (!(await endsWithin(20, socket.closed))) {
        const begun = Date.now();
        if ((await socket.ask("jobs:list", {})) === "ok" && begun > 1000 * exp) served += 1;
        if (begun > 1000 * exp + 5000) return "open 5 s later";
      }
      const late = codeOf(await client.call("/api/v1/me"));
      return [late, served === 0 ? "no request served" : served, "closed"];
    },
  },
  {
    id: "S04",
    input: "logout on one node, socket on the other",
    expected: [204, "closed within 2 s"],
    needs: "a second node",
    async act(world) {
      const client = await world.newcomer();
      const socket = await openSocket(world, client, world.own().url(1));
      const { status } = await client.call("/api/v1/auth/logout", { method: "POST" });
      return [status, (await socket.isClosed(2000)) ? "closed within 2 s" : "open"];
    },
  },
  {
    id: "S07",
    input: "token of an ended session opens a socket",
    expected: "session_revoked",
    async act(world) {
      const { call, token } = await world.newcomer();
      await call("/api/v1/auth/logout", { method: "POST" });
      return knock(world, { auth: { token } });
    },
  },
  {
    id: "S09",
    input: "payload that claims userId, role, tenant",
    expected: "who the token says",
    async act(world) {
      const [ann, bob] = [await world.ann(), await world.bob()];
      const claims = { userId: bob.user.id, sub: bob.user.id, role: "admin", tenant: "x" };
      const socket = await openSocket(world, ann, world.url, claims);
      socket.close();
      return socket.hello.user.id === ann.user.id ? "who the token says" : socket.hello;
    },
  },
];

import { claimsOf, headerOf, sign } from "../flows/support/tokens.ts";
import { call } from "../support/client.ts";
import { readLog, settle } from "./kit/journal.ts";
import { inTurn } from "./kit/patience.ts";
import { distinct, oneOf, type Row } from "./kit/row.ts";
import { knock } from "./kit/sockets.ts";
import { codeOf, forge, publishedKey, renamed, tryToken } from "./kit/tokens.ts";

const unauthorized = ["unauthorized", "unauthorized"];
const signingKey = "the server's signing key";

/** What forged tokens are answered, each by HTTP and the socket. */
export const tokens: Row[] = [
  {
    id: "A01",
    input: "token without an algorithm, without a signature",
    expected: [unauthorized, unauthorized, unauthorized],
    async act(world) {
      const ann = await world.ann();
      const names = ["no algorithm", "no algorithm under a good key's id", "no signature"];
      return inTurn(names, (name) => tryToken(world, forge(name, ann)));
    },
  },
  {
    id: "A04",
    input: "another algorithm in the header; the public key as a shared secret",
    expected: [unauthorized, unauthorized],
    async act(world) {
      const ann = await world.ann();
      const { kid } = headerOf(ann.token);
      const key = { key: await publishedKey(world), algorithm: "HS256" as const };
      const byPublicKey = sign(claimsOf(ann.token), { kid }, key);
      return inTurn([renamed(ann, "ES512"), byPublicKey], (token) => tryToken(world, token));
    },
  },
  {
    id: "A05",
    input: "one byte of the claims changed",
    expected: unauthorized,
    act: async (world) =>
      tryToken(world, forge("one byte of its claims changed", await world.ann())),
  },
  {
    id: "A07",
    input: "token that ended a second ago",
    expected: ["token_expired", "token_expired"],
    needs: signingKey,
    act: async (world) => tryToken(world, forge("an end one second ago", await world.ann())),
  },
  {
    id: "A10",
    input: "another issuer; another audience; none",
    expected: [unauthorized, unauthorized, unauthorized],
    needs: signingKey,
    async act(world) {
      const ann = await world.ann();
      const names = ["another issuer", "another audience", "no audience"];
      return inTurn(names, (name) => tryToken(world, forge(name, ann)));
    },
  },
  {
    id: "A11",
    input: "refresh token as access token, and the reverse",
    expected: [unauthorized, "unauthorized"],
    async act(world) {
      const { token, refreshToken } = await world.ann();
      const reverse = await world.post("/api/v1/auth/refresh", { refreshToken: token });
      return [await tryToken(world, refreshToken), codeOf(reverse)];
    },
  },
  {
    id: "A15",
    input: "token of 100 KB; 10,000 dots",
    expected: [["401 or 431"], "unauthorized"],
    async act(world) {
      const long = ["x".repeat(100_000), ".".repeat(10_000)];
      const statuses = await inTurn(long, async (token) => {
        const headers = { Authorization: `Bearer ${token}` };
        const { status } = await call(world.url, "/api/v1/me", { headers });
        return oneOf(status, 401, 431);
      });
      const dots = await knock(world, { auth: { token: long[1] } });
      return [distinct(statuses), dots];
    },
  },
  {
    id: "A16",
    input: "token in the query string, by HTTP and socket",
    expected: ["unauthorized", "unauthorized", "unauthorized", false],
    async act(world) {
      const { token } = await world.newcomer();
      const names = ["token", "access_token"];
      const codes = await inTurn(names, async (name) =>
        codeOf(await call(world.url, `/api/v1/me?${name}=${token}`, { headers: world.headers() })),
      );
      const socket = await knock(world, { auth: { token }, query: { token } });
      // Somebody else's log can't be read from here.
      if (world.isOwn) await settle(world);
      const isLogged = world.isOwn && readLog(world).includes(token);
      return [...codes, socket, isLogged];
    },
  },
  {
    id: "A17",
    input: "good token of a user who is gone",
    expected: ["session_revoked", "session_revoked"],
    needs: "the database",
    async act(world) {
      const { token, user } = await world.newcomer();
      const users = world.own().mongo.collection<{ _id: string }>("users");
      await users.deleteOne({ _id: user.id });
      return tryToken(world, token);
    },
  },
];

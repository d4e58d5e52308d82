import { call, goodPassword } from "../support/client.ts";
import { registerByCookie } from "./kit/cookies.ts";
import { median } from "./kit/median.ts";
import { endsWithin, inTurn } from "./kit/patience.ts";
import { distinct, type Row } from "./kit/row.ts";
import { newEmail, refresh, register, signIn } from "./kit/sign-in.ts";
import { openSocket } from "./kit/sockets.ts";
import { codeOf } from "./kit/tokens.ts";
import type { World } from "./kit/world.ts";

const login = "/api/v1/auth/login";
const unlimited = { LIMIT_LOGIN_PER_MINUTE: "1000000", LIMIT_LOGIN_FAILURES: "1000000" };

/** What all answers to a sign-in have of their own. */
const ownHeaders = ["x-request-id", "date"];

type Tries = { shown: string[]; times: number[] };

async function tryPassword(url: string, email: string, tries: Tries): Promise<void> {
  const begun = performance.now();
  const json = { email, password: "a wrong password" };
  const { status, headers, body } = await call(url, login, { method: "POST", json });
  tries.times.push(performance.now() - begun);
  const { requestId: _, ...problem } = Object(body);
  const kept = [...headers].filter(([name]) => !ownHeaders.includes(name));
  tries.shown.push(JSON.stringify([status, problem, kept]));
}

/** What a hundred at once hold afterwards: all alike, and the session goes on with it. */
async function refreshAtOnce(world: World, refreshToken: string) {
  const nodes = world.own().api.map(({ url }) => url ?? "");
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      call<{ refreshToken: string }>(nodes[i % nodes.length] ?? "", "/api/v1/auth/refresh", {
        method: "POST",
        json: { refreshToken },
      }),
    ),
  );
  const successors = distinct(answers.map(({ body }) => body.refreshToken));
  const next = await refresh(world, successors[0] ?? "");
  return [distinct(answers.map(codeOf)), successors.length, next.status];
}

/** Passwords, sign-ins and refresh tokens. */
export const accounts: Row[] = [
  {
    id: "A19",
    input: "login with operators instead of texts",
    expected: "validation_failed",
    act: async (world) =>
      codeOf(await world.post(login, { email: { $gt: "" }, password: { $gt: "" } })),
  },
  {
    id: "A21",
    input: "unknown user against wrong password, 500 interleaved tries",
    expected: ["one answer", "medians within 10 %"],
    needs: "raised limits of sign-ins",
    isSlow: true,
    async act(world) {
      const { url } = await world.node(unlimited);
      const { email } = await world.newcomer();
      const [known, unknown]: [Tries, Tries] = [
        { shown: [], times: [] },
        { shown: [], times: [] },
      ];
      for (let i = 0; i < 250; i++) {
        await tryPassword(url, email, known);
        await tryPassword(url, newEmail(), unknown);
      }
      const ratio = median(known.times) / median(unknown.times);
      const answers = distinct([...known.shown, ...unknown.shown]);
      return [
        answers.length === 1 ? "one answer" : answers,
        ratio > 0.9 && ratio < 1.1 ? "medians within 10 %" : ratio,
      ];
    },
  },
  {
    id: "A23",
    input: "password of 1 MB; of 200 KB",
    expected: ["payload_too_large", "validation_failed"],
    act: (world) =>
      inTurn([1_000_000, 200_000], async (length) =>
        codeOf(await world.post(login, { email: newEmail(), password: "x".repeat(length) })),
      ),
  },
  {
    id: "A25",
    input: "listed, short, the service's name; then 64 characters with spaces and emoji",
    expected: [
      ["validation_failed", "password"],
      ["validation_failed", "password"],
      ["validation_failed", "password"],
      [201, undefined],
    ],
    act: (world) =>
      inTurn(
        ["password password", "too short", "Sluice Sluice 2026", `${"a green 🫖 ".repeat(7)}`],
        async (password) => {
          const { status, body } = await register(world, password.slice(0, 70));
          const { code, errors } = Object(body) as { code?: string; errors?: { path: string }[] };
          return [code ?? status, errors?.[0]?.path];
        },
      ),
  },
  {
    id: "A26",
    input: "100 wrong logins for one account, from 100 addresses",
    expected: [5, 95, 200],
    needs: "many addresses",
    isSlow: true,
    async act(world) {
      const { email } = await world.newcomer();
      const tryAs = (password: string) =>
        call(world.url, login, {
          method: "POST",
          json: { email, password },
          headers: world.headers(),
        });
      const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => tryAs(`wrong ${i}`)));
      const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
      const counts = [count(401), count(429)];
      // Patiently: the owner from yet another address, once the delay is over.
      const owner = await world.post(login, { email, password: goodPassword });
      return [...counts, owner.status];
    },
  },
  {
    id: "A30",
    input: "refresh token replayed after its successor was used",
    expected: ["token_reused", "session_revoked", "closed within 2 s"],
    async act(world) {
      const client = await world.newcomer();
      const socket = await openSocket(world, client);
      const second = (await refresh(world, client.refreshToken)).body.refreshToken ?? "";
      const third = (await refresh(world, second)).body.refreshToken ?? "";
      const replayed = await refresh(world, client.refreshToken);
      const isClosed = await endsWithin(2000, socket.closed);
      const successor = await refresh(world, third);
      return [codeOf(replayed), codeOf(successor), isClosed ? "closed within 2 s" : "open"];
    },
  },
  {
    id: "A31",
    input: "100 parallel refreshes over two nodes",
    expected: [[200], 1, 200],
    needs: "a second node",
    isSlow: true,
    act: async (world) => refreshAtOnce(world, (await world.newcomer()).refreshToken),
  },
  {
    id: "A33",
    input: "refresh after logout; after a change of password elsewhere",
    expected: [204, "session_revoked", 204, "session_revoked"],
    async act(world) {
      const client = await world.newcomer();
      const [second, third] = [
        await signIn(world, client.email),
        await signIn(world, client.email),
      ];
      const out = await client.call("/api/v1/auth/logout", {
        method: "POST",
        token: second.token,
      });
      const json = { current: goodPassword, next: "another teapot sings at dusk" };
      const changed = await client.call("/api/v1/auth/password", { method: "POST", json });
      return [
        out.status,
        codeOf(await refresh(world, second.refreshToken)),
        changed.status,
        codeOf(await refresh(world, third.refreshToken)),
      ];
    },
  },
  {
    id: "A36",
    input: "refresh and logout from another site, with the cookie",
    expected: [
      "forbidden",
      "forbidden",
      ["HttpOnly", "Path=/api/v1/auth", "SameSite=Strict"],
      true,
    ],
    async act(world) {
      const { cookie, set } = await registerByCookie(world);
      const headers = { Origin: "https://evil.example", Cookie: cookie, ...world.headers() };
      const codes = await inTurn(["refresh", "logout"], async (deed) =>
        codeOf(await call(world.url, `/api/v1/auth/${deed}`, { method: "POST", headers })),
      );
      const rules = set.split("; ").slice(1);
      const kept = rules.filter((rule) => !/^(Max-Age=|Secure$)/.test(rule)).sort();
      // Only `npm run dev` sets it over plain HTTP, under a name that browsers don't hold to that.
      return [...codes, kept, rules.includes("Secure") || !cookie.startsWith("__Secure-")];
    },
  },
];

import { findSecrets } from "../../scripts/logs/secrets.mjs";
import { run } from "../../scripts/processes/run.mjs";
import { call } from "../support/client.ts";
import { knownSecrets } from "../support/logs.ts";
import { registerByCookie } from "./kit/cookies.ts";
import { type Line, readLines, readLog, settle } from "./kit/journal.ts";
import { inTurn } from "./kit/patience.ts";
import { distinct, type Row } from "./kit/row.ts";
import { newEmail, refresh, signIn } from "./kit/sign-in.ts";
import { knock } from "./kit/sockets.ts";
import type { World } from "./kit/world.ts";

const serversLog = "the server's log";
const login = "/api/v1/auth/login";

const audits = (world: World): Line[] => readLines(world).filter(({ audit }) => audit === true);

/** One deed of each sort that the trail is about. */
async function doDeeds(world: World): Promise<string> {
  const client = await world.newcomer();
  await signIn(world, client.email);
  await world.post(login, { email: client.email, password: "a wrong password" });
  const second = (await refresh(world, client.refreshToken)).body.refreshToken ?? "";
  await refresh(world, second);
  await refresh(world, client.refreshToken);
  const { cookie } = await registerByCookie(world);
  const headers = { Cookie: cookie, Origin: "https://evil.example", ...world.headers() };
  await call(world.url, "/api/v1/auth/refresh", { method: "POST", headers });
  await inTurn([1, 2, 3, 4, 5, 6, 7], () =>
    call(world.url, login, {
      method: "POST",
      json: { email: client.email, password: "a wrong password" },
      headers: world.headers(),
    }),
  );
  return client.email;
}

/** Makes somebody an administrator on the command line; the line of the trail about it. */
async function grant(world: World, email: string): Promise<Line> {
  const { output } = await run(process.execPath, ["scripts/admin.mjs", "grant", email], {
    env: { ...process.env, ...world.own().settings, NODE_OPTIONS: "" },
  });
  const line = output.split("\n").find((one) => one.startsWith("{")) ?? "{}";
  return JSON.parse(line) as Line;
}

export const logs: Row[] = [
  {
    id: "L01",
    input: "login name with CRLF and a line of a log in it",
    expected: ["one line of JSON", 0],
    needs: serversLog,
    async act(world) {
      const forged = `{"level":30,"event":"forged"}`;
      await settle(world);
      const before = readLines(world).length;
      const email = `${newEmail()}\r\n${forged}\r\n`.slice(0, 254);
      await world.post(login, { email: `x${email}x`, password: "a wrong password" });
      await settle(world);
      const lines = readLines(world).slice(before);
      const broken = lines.filter(({ raw }) => raw !== undefined);
      const forgeries = lines.filter(({ event }) => event === "forged");
      return [broken.length === 0 ? "one line of JSON" : broken, forgeries.length];
    },
  },
  {
    id: "L06",
    input: "deeds of the audit trail: sign-in, failure, reuse, denial, limit, an administrator's",
    expected: [
      ["invalid_credentials", "ok", "rate_limited"],
      ["forbidden", "token_reused"],
      ["grant", "ok"],
      [],
    ],
    needs: serversLog,
    isSlow: true,
    async act(world) {
      await settle(world);
      const before = audits(world).length;
      const email = await doDeeds(world);
      const granted = await grant(world, email);
      await settle(world);
      const lines = [...audits(world).slice(before), granted];
      const outcomes = (act: string) =>
        distinct(lines.filter((line) => line.act === act).map(({ outcome }) => String(outcome)));
      const lacking = lines.filter((line) => !line.at || !line.outcome || !(line.ip ?? line.by));
      const admins = [granted.act, granted.outcome];
      return [outcomes("login"), outcomes("refresh"), admins, lacking];
    },
  },
  {
    id: "L02",
    input: "all logs of this run, searched for tokens, passwords, credentials",
    expected: [],
    needs: serversLog,
    async act(world) {
      const { refreshToken, token } = await world.newcomer();
      await knock(world, { auth: { token: refreshToken } });
      await refresh(world, token);
      await settle(world);
      return findSecrets(readLog(world), [...knownSecrets(), refreshToken]);
    },
  },
];

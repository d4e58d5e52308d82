import { call, goodPassword } from "../support/client.ts";
import { type Line, readLines, readLog } from "./kit/journal.ts";
import { inTurn } from "./kit/patience.ts";
import { distinct, type Row } from "./kit/row.ts";
import { newEmail, refresh, signIn } from "./kit/sign-in.ts";
import { knock } from "./kit/sockets.ts";
import type { World } from "./kit/world.ts";

const serversLog = "the server's log";
const login = "/api/v1/auth/login";

/** What nobody may find in a log, by what it looks like. */
const secrets: [string, RegExp][] = [
  ["access token", /eyJ[\w-]{10,}\.[\w-]{10,}/],
  ["password", new RegExp(`${goodPassword}|a wrong password|password password`)],
  ["address with credentials", /\w+:\/\/[^/\s":@]+:[^/\s"@]+@/],
  ["private key", /BEGIN [A-Z ]*PRIVATE KEY/],
];

const audits = (world: World): Line[] => readLines(world).filter(({ audit }) => audit === true);

/** One deed of each sort that the trail is about. */
async function doDeeds(world: World): Promise<string> {
  const client = await world.newcomer();
  await signIn(world, client.email);
  await world.post(login, { email: client.email, password: "a wrong password" });
  const second = (await refresh(world, client.refreshToken)).body.refreshToken ?? "";
  await refresh(world, second);
  await refresh(world, client.refreshToken);
  await inTurn([1, 2, 3, 4, 5, 6, 7], () =>
    call(world.url, login, {
      method: "POST",
      json: { email: client.email, password: "a wrong password" },
      headers: world.headers(),
    }),
  );
  await client.call("/api/v1/me");
  return client.user.id;
}

export const logs: Row[] = [
  {
    id: "L01",
    input: "login name with CRLF and a line of a log in it",
    expected: ["one line of JSON", 0],
    needs: serversLog,
    async act(world) {
      const forged = `{"level":30,"event":"forged"}`;
      const before = readLines(world).length;
      const email = `${newEmail()}\r\n${forged}\r\n`.slice(0, 254);
      await world.post(login, { email: `x${email}x`, password: "a wrong password" });
      await world.post(login, { email: newEmail(), password: "a wrong password" });
      const lines = readLines(world).slice(before);
      const broken = lines.filter(({ raw }) => raw !== undefined);
      const forgeries = lines.filter(({ event }) => event === "forged");
      return [broken.length === 0 ? "one line of JSON" : broken, forgeries.length];
    },
  },
  {
    id: "L06",
    input: "deeds of the audit trail: sign-in, failure, reuse, limit",
    expected: [["invalid_credentials", "ok", "rate_limited"], ["ok", "token_reused"], []],
    needs: serversLog,
    async act(world) {
      const before = audits(world).length;
      await doDeeds(world);
      const lines = audits(world).slice(before);
      const outcomes = (act: string) =>
        distinct(lines.filter((line) => line.act === act).map(({ outcome }) => String(outcome)));
      const whole = ["at", "ip", "requestId", "outcome"];
      const lacking = lines.filter((line) => whole.some((field) => !line[field]));
      return [outcomes("login"), outcomes("refresh"), lacking];
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
      const log = readLog(world);
      const found = secrets.filter(([, pattern]) => pattern.test(log)).map(([name]) => name);
      if (log.includes(refreshToken)) found.push("refresh token");
      return found;
    },
  },
];

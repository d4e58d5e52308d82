import { setTimeout as pause } from "node:timers/promises";
import { logIn, refresh } from "../../flows/support/sessions.ts";
import { resign } from "../../flows/support/tokens.ts";
import { call, goodPassword, type TestClient } from "../../support/client.ts";
import { type Listener, listenPlainly } from "../support/listener.ts";
import { type Rig, startRig } from "../support/rig.ts";
import { type Findings, join, noFindings, type Promised } from "../support/trial.ts";

type Login = Awaited<ReturnType<typeof logIn>>;
type Ways = Record<string, (login: Login) => Promise<{ status: number }>>;

const toldMs = 2000;
const untoldMs = 35_000;
const lateMs = 5000;
const nextPassword = "blue kettles hum at dusk";

/** How a session may end; each is asked of node 0. */
function waysToEnd(rig: Rig, ann: TestClient): Ways {
  const url = rig.url(0);
  const post = (path: string, token: string, json: unknown, method = "POST") =>
    call(url, `/api/v1/auth/${path}`, { method, token, json });
  return {
    logout: ({ accessToken }) => post("logout", accessToken, {}),
    "ended by another": ({ sessionId }) =>
      post(`sessions/${sessionId}`, ann.token, undefined, "DELETE"),
    "a token used again": async ({ refreshToken }) => {
      const { body } = await refresh(url, refreshToken);
      await refresh(url, body.refreshToken);
      return refresh(url, refreshToken);
    },
    // The last one: from then on nobody comes in by the old password.
    "a new password": () =>
      post("password", ann.token, { current: goodPassword, next: nextPassword }),
  };
}

async function judge(what: string, listener: Listener, endsAt: number, limitMs: number) {
  const found = noFindings();
  const closedAt = await listener.untilClosed(limitMs / 1000 + 5).catch(() => null);
  const ms = (closedAt ?? Number.POSITIVE_INFINITY) - endsAt;
  if (ms > limitMs) found.wrong.push(`${what}: closed after ${ms} ms`);
  const late = listener.heardAt.filter((at) => at > endsAt + limitMs).length;
  if (late > 0) found.wrong.push(`${what}: ${late} events came after the end`);
  return { found, ms };
}

export const endedSession: Promised = {
  id: "P13",
  title: "a session that ended has no live socket",
  seeds: 10,
  mutants: [
    {
      what: "a session isn't looked at again",
      file: "server/realtime/live-sessions.ts",
      from: "endHere(asked.filter((id) => !live.has(id)));",
      to: "endHere(asked.filter((id) => !live.has(id) && !held.has(id)));",
    },
    {
      what: "no node tells the others",
      file: "server/realtime/live-sessions.ts",
      from: 'io.serverSideEmit("sessions:ended", sessionIds);',
      to: "",
    },
    {
      what: "a connection outlives its token",
      file: "server/realtime/session.ts",
      from: 'callAt(expiresAt, () => endSession(socket, "token_expired"))',
      to: "() => {}",
    },
  ],
  async attack({ random, isLarge }) {
    await using rig = await startRig();
    const ann = await rig.signUp();
    const ways = waysToEnd(rig, ann);
    const all: Findings[] = [];
    const recoveryMs: number[] = [];
    const stays = await listenPlainly(rig.url(1), ann.token);
    let faults = 0;
    let isOver = false;

    // What every listener of hers hears until it is closed.
    async function talk(): Promise<void> {
      while (!isOver) {
        await ann.upload("a\n1\n");
        await pause(100);
      }
    }

    async function endBy(way: string, limitMs: number): Promise<void> {
      const login = await logIn(rig.url(0), ann.email);
      const listeners = await Promise.all(
        [0, 1].map((node) => listenPlainly(rig.url(node), login.accessToken)),
      );
      if (limitMs === untoldMs) rig.nodes[1]?.redis.toClient.set({ isStalled: true });
      await pause(random.between(0, 200));
      const answer = await ways[way]?.(login);
      const endsAt = Date.now();
      faults += 1;
      const what = `${way}${limitMs === untoldMs ? ", pub/sub cut" : ""} (${answer?.status})`;
      for (const [node, listener] of listeners.entries()) {
        const limit = node === 0 ? toldMs : limitMs;
        const { found, ms } = await judge(`${what}, node ${node}`, listener, endsAt, limit);
        if (listener.ended() !== "session_revoked") found.wrong.push(`${what}: without a word`);
        all.push(found);
        if (limitMs === toldMs) recoveryMs.push(Math.max(0, ms));
        listener.close();
      }
    }

    async function runOut(): Promise<void> {
      const login = await logIn(rig.url(0), ann.email);
      const exp = Math.floor(Date.now() / 1000) + random.between(2, 4);
      const short = resign(login.accessToken, { exp });
      const listener = await listenPlainly(rig.url(random.between(0, 1)), short);
      const { found, ms } = await judge("its token's end", listener, exp * 1000, lateMs);
      if (ms < -100) found.wrong.push(`closed ${-ms} ms before its token's end`);
      if (listener.ended() !== "token_expired") found.wrong.push("its token's end: without a word");
      all.push(found);
      listener.close();
      faults += 1;
    }

    const talking = talk();
    const inTurn = Object.keys(ways);
    const [last] = inTurn.splice(-1);
    for (const way of inTurn) await endBy(way, toldMs);
    await runOut();
    if (stays.heardAt.length === 0) all.push({ ...noFindings(), wrong: ["nothing was said"] });
    const untold = isLarge ? inTurn : [random.pick(inTurn)];
    for (const way of untold) {
      await endBy(way, untoldMs);
      rig.nodes[1]?.redis.toClient.set({ isStalled: false });
    }
    isOver = true;
    await talking;
    await endBy(last ?? "", toldMs);
    if (!stays.isOpen()) all.push({ ...noFindings(), wrong: ["another session was closed too"] });
    stays.close();
    return { ...join(...all), faults, recoveryMs };
  },
};

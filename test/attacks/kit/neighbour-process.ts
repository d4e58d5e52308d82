// `node --import tsx neighbour-process.ts '{ "url": …, "headers": … }'`: says by message how it fared since it was last asked.
import { setTimeout as pause } from "node:timers/promises";
import { connect } from "../../../client/connect.ts";
import { request } from "../../../client/request.ts";
import { refresh } from "../../flows/support/sessions.ts";
import { call, createClient } from "../../support/client.ts";
import type { Fared } from "./neighbour.ts";

const everyMs = 250;
const answerSeconds = 10;
/** Access tokens live for 15 minutes if nothing else was set. */
const freshMs = 8 * 60_000;

const { url, headers } = JSON.parse(process.argv[2] ?? "{}");
let { token, refreshToken } = await createClient(url, headers);
let since = Date.now();

async function freshToken(): Promise<string> {
  if (Date.now() - since < freshMs) return token;
  const { body } = await refresh(url, refreshToken);
  [token, refreshToken, since] = [body.accessToken, body.refreshToken ?? "", Date.now()];
  return token;
}

const fared: Fared = { problems: [], slowestMs: 0, trips: 0 };
const socket = connect(url, { token: freshToken });
socket.on("disconnect", () => fared.problems.push("a neighbour's connection was closed"));

async function time(trip: () => Promise<unknown>): Promise<void> {
  const begun = performance.now();
  await trip();
  fared.trips += 1;
  fared.slowestMs = Math.max(fared.slowestMs, Math.round(performance.now() - begun));
}

/** One round trip of each sort. */
async function ask(): Promise<void> {
  const current = await freshToken();
  await time(() => request(socket, "jobs:list", { limit: 1 }, { timeout: answerSeconds }));
  await time(async () => {
    const { status } = await call(url, "/api/v1/me", { token: current });
    if (status !== 200) throw new Error(`a neighbour's call was answered ${status}`);
  });
}

const asked = () => ask().catch(({ message }: Error) => void fared.problems.push(message));

process.on("message", async () => {
  await asked();
  process.send?.({ ...fared, problems: fared.problems.splice(0) });
  Object.assign(fared, { slowestMs: 0, trips: 0 });
});
process.on("disconnect", () => process.exit());

await ask();
Object.assign(fared, { slowestMs: 0, trips: 0 });
process.send?.("ready");
for (;;) {
  await pause(everyMs);
  await asked();
}

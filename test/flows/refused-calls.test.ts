import { describe, expect, it } from "@jest/globals";
import type { Answer } from "../support/client.ts";
import { expectProblem } from "./support/problem.ts";
import { logIn } from "./support/sessions.ts";
import { shareCluster } from "./support/shared-cluster.ts";

const burst = 5;
const cluster = shareCluster({
  workers: 0,
  env: { LIMIT_REST_RATE: "1", LIMIT_REST_BURST: String(burst) },
});

const again = async (times: number, call: () => Promise<Answer>): Promise<Answer[]> => {
  const answers: Answer[] = [];
  while (answers.length < times) answers.push(await call());
  return answers;
};

/** Reads of users and sessions that MongoDB answers meanwhile. */
async function readsDuring(work: () => Promise<unknown>): Promise<number> {
  const { db } = cluster().mongo;
  await db?.setProfilingLevel("all");
  await work();
  await db?.setProfilingLevel("off");
  const profile = db?.collection("system.profile");
  const reads = await profile?.countDocuments({ ns: /\.(users|sessions)$/ });
  await profile?.drop();
  return reads ?? Number.NaN;
}

describe("a call that is refused", () => {
  it("for its user's rate reads nothing", async () => {
    const ann = await cluster().signUp();
    const me = () => ann.call("/api/v1/me");

    const within = await readsDuring(async () => {
      for (const { status } of await again(burst, me)) expect(status).toBe(200);
    });
    let over: Answer[] = [];
    const beyond = await readsDuring(async () => {
      over = await again(20, me);
    });

    const refused = over.filter(({ status }) => status === 429);
    for (const answer of refused) expectProblem(answer, "rate_limited");
    expect(within).toBe(2 * burst);
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(beyond).toBe(2 * (over.length - refused.length));
  });

  it("for a session that has ended reads once, and leaves its user's calls alone", async () => {
    const bob = await cluster().signUp();
    const phone = await logIn(bob.url, bob.email);
    await bob.call(`/api/v1/auth/sessions/${phone.sessionId}`, { method: "DELETE" });

    let answers: Answer[] = [];
    const reads = await readsDuring(async () => {
      answers = await again(20, () => bob.call("/api/v1/me", { token: phone.accessToken }));
    });
    const own = await again(burst - 2, () => bob.call("/api/v1/me"));

    for (const answer of answers) expectProblem(answer, "session_revoked");
    expect(reads).toBe(2);
    expect(own.map(({ status }) => status)).toEqual(own.map(() => 200));
  });
});

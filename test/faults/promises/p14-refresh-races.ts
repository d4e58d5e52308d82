import type { SignedIn } from "../../../protocol/auth.ts";
import { age, logIn, refresh } from "../../flows/support/sessions.ts";
import type { Answer } from "../../support/client.ts";
import { startRig } from "../support/rig.ts";
import { noFindings, type Promised } from "../support/trial.ts";

const parallel = 100;
const graceMs = 10_000;

/** The answer, or null where the line was cut before it came. */
type Outcome = Answer<SignedIn> | null;

/** `ok`, or the code of the refusal. */
function said(answer: Outcome): string {
  if (!answer) return "no answer";
  const { code }: { code?: string } = answer.body as object;
  return answer.status === 200 ? "ok" : (code ?? `status ${answer.status}`);
}
const tokenOf = (answer: Outcome) => answer?.body.refreshToken ?? "";
const namesOf = (answers: Outcome[]) => [...new Set(answers.map(said))].sort().join(", ");

export const refreshRaces: Promised = {
  id: "P14",
  title: "refresh races are harmless, a replay ends the session",
  seeds: 10,
  mutants: [
    {
      what: "a grace for any older token",
      file: "server/auth/sessions.ts",
      from: "  spentHash: hash,\n  $expr",
      to: '  spentHash: { $gt: "" },\n  $expr',
    },
    {
      what: "no grace",
      file: "server/auth/sessions.ts",
      from: "const graceMs = 10_000;",
      to: "const graceMs = 0;",
    },
    {
      what: "a grace without an end",
      file: "server/auth/sessions.ts",
      from: "const graceMs = 10_000;",
      to: "const graceMs = 1e9;",
    },
    {
      what: "successors are drawn anew each time",
      file: "server/auth/refresh-tokens.ts",
      from: 'derive("successor", body)',
      to: "randomBytes(keyBytes)",
    },
  ],
  async attack({ random, isLarge }) {
    await using rig = await startRig();
    const ann = await rig.signUp();
    const found = noFindings();
    let faults = 0;

    const node = () => random.between(0, 1);
    const next = (token: string, at = node()): Promise<Outcome> =>
      refresh(rig.url(at), token).catch(() => null);
    const begin = () => logIn(rig.url(node()), ann.email);
    function expectSaid(answer: Outcome, code: string, what: string): void {
      if (said(answer) !== code) found.wrong.push(`${what}: ${said(answer)}, not ${code}`);
    }

    /** All at once with one token: one successor, which leads on. */
    async function storm(): Promise<void> {
      const { refreshToken } = await begin();
      const answers = await Promise.all(Array.from({ length: parallel }, () => next(refreshToken)));
      faults += parallel;
      const branches = new Set(answers.map(tokenOf));
      if (namesOf(answers) !== "ok") found.lost.push(`a race was answered ${namesOf(answers)}`);
      if (branches.size > 1) found.doubled.push(`a race ended in ${branches.size} branches`);
      expectSaid(await next(tokenOf(answers[0] ?? null)), "ok", "after a race");
    }

    /** Some use a token while others use its successor: what is called reused leaves nothing alive. */
    async function mixed(): Promise<void> {
      const { refreshToken } = await begin();
      const successor = tokenOf(await next(refreshToken));
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => next(random.pick([refreshToken, successor]))),
      );
      faults += answers.length;
      const isReused = answers.some((answer) => said(answer) === "token_reused");
      const given = [...new Set([successor, ...answers.map(tokenOf)])].filter(Boolean);
      const newest = given.length > 2 ? null : given.at(-1);
      if (!newest) return void found.doubled.push(`a race ended in ${given.length - 1} branches`);
      const after = await next(newest);
      if (isReused) expectSaid(after, "session_revoked", "after a reuse");
      else expectSaid(after, "ok", "after a race without a reuse");
    }

    /** The answer is lost with its line; asked again elsewhere the chain goes on. */
    async function lostAnswer(): Promise<void> {
      const front = rig.nodes[1]?.front;
      if (!front) throw new Error("no front");
      const { refreshToken } = await begin();
      front.toClient.set({ isStalled: true });
      const answered = front.toClient.untilHeld();
      const lost = next(refreshToken, 1);
      await answered;
      front.cut();
      front.toClient.set({ isStalled: false });
      faults += 1;
      if ((await lost) !== null) found.wrong.push("the answer came although its line was cut");
      const again = await next(refreshToken);
      expectSaid(again, "ok", "after a lost answer");
      expectSaid(await next(tokenOf(again)), "ok", "one after a lost answer");
    }

    async function replay(spentMs: number, isLate: boolean): Promise<void> {
      const { refreshToken, sessionId } = await begin();
      const successor = tokenOf(await next(refreshToken));
      await age(rig.cluster, sessionId, { spentAt: spentMs });
      faults += 1;
      const what = `a token spent ${spentMs} ms ago`;
      expectSaid(await next(refreshToken), isLate ? "token_reused" : "ok", what);
      expectSaid(await next(successor), isLate ? "session_revoked" : "ok", `after ${what}`);
    }

    async function older(): Promise<void> {
      const first = await begin();
      const second = await next(first.refreshToken);
      const third = await next(tokenOf(second));
      faults += 1;
      expectSaid(await next(first.refreshToken), "token_reused", "an older token");
      expectSaid(await next(tokenOf(third)), "session_revoked", "the newest, after an older one");
    }

    for (let round = 0; round < (isLarge ? 5 : 1); round += 1) {
      for (const { mongo } of rig.nodes) mongo?.toServer.set({ delayMs: random.between(0, 20) });
      await storm();
      for (let race = 0; race < 5; race += 1) await mixed();
      await lostAnswer();
      await replay(graceMs + random.between(100, 60_000), true);
      await replay(random.between(0, graceMs - 3000), false);
      await older();
    }
    return { ...found, faults, recoveryMs: [] };
  },
};

import fc, { type Arbitrary } from "fast-check";

/** What is given inputs: generates them, sends one, and says in a word how it was taken. */
export type Target<Input> = {
  name: string;
  /** inputs in a thousand */
  share: number;
  input: Arbitrary<Input>;
  /** `ok`, the code of an error, a status, or where it was left unanswered `nothing` */
  send: (input: Input) => Promise<string>;
  /** inputs under way at once */
  atOnce: number;
  /** what a person would want to see of an input */
  show?: (input: Input) => string;
};

/** A target whose kind of input nobody else has to know. */
export type AnyTarget = {
  name: string;
  share: number;
  attack: (count: number, seed: number) => Promise<Taken>;
};

/** How many inputs were taken in which way, and in words those that were taken wrongly. */
export type Taken = { counts: Map<string, number>; wrong: string[]; ms: number };

/** Named answers of 503; a healthy cluster has hardly a reason to give them. */
export const named503 = ["unavailable", "index_building", "query_timeout"];
const most = 5;
const perBatch = 250;
const shrinkMs = 15_000;
const shownCharacters = 600;

const isWrong = (code: string) =>
  /^(internal|nothing|5\d\d|lost)/.test(code) && !named503.includes(code);

export function target<Input>(given: Target<Input>): AnyTarget {
  const { name, share, input, send, atOnce } = given;
  const show = given.show ?? ((one: Input) => fc.stringify(one));

  /** A smaller input that is still taken wrongly, looked for on the same cluster. */
  async function shrink(seed: number, path: string, found: Input): Promise<string> {
    const property = fc.asyncProperty(input, async (one) => !isWrong(await send(one)));
    const { counterexample } = await fc.check(property, {
      ...{ seed, path, numRuns: 1 },
      interruptAfterTimeLimit: shrinkMs,
    });
    return show(counterexample?.[0] ?? found).slice(0, shownCharacters);
  }

  async function attack(count: number, seed: number): Promise<Taken> {
    const taken: Taken = { counts: new Map(), wrong: [], ms: 0 };
    const begunAt = Date.now();
    for (let done = 0, batch = seed; done < count; done += perBatch, batch += 1) {
      const inputs = fc.sample(input, { seed: batch, numRuns: Math.min(perBatch, count - done) });
      const waiting = inputs.entries();
      const failed: [number, Input, string][] = [];
      const work = async () => {
        for (const [index, one] of waiting) {
          if (failed.length >= most) return;
          const code = await send(one);
          taken.counts.set(code, (taken.counts.get(code) ?? 0) + 1);
          if (isWrong(code)) failed.push([index, one, code]);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      for (const [index, one, code] of failed.slice(0, most - taken.wrong.length)) {
        const path = String(index);
        const small = taken.wrong.length > 0 ? "" : `, the least ${await shrink(batch, path, one)}`;
        const given = show(one).slice(0, shownCharacters);
        taken.wrong.push(`${name}: ${code} (seed ${batch}, path ${path}) for ${given}${small}`);
      }
      if (taken.wrong.length >= most) break;
    }
    taken.ms = Date.now() - begunAt;
    return taken;
  }

  return { name, share, attack };
}

import { fileTargets } from "../inputs/file-targets.ts";
import { httpTargets } from "../inputs/http-targets.ts";
import { importTargets } from "../inputs/import-targets.ts";
import { judgeJobs, judgeProcesses, judgeService, judgeTaken, measure } from "../inputs/judge.ts";
import { socketTargets } from "../inputs/socket-targets.ts";
import type { AnyTarget, Taken } from "../inputs/target.ts";
import { openWorld } from "../inputs/world.ts";
import { untilAllEnded } from "../support/submissions.ts";
import { noFindings, type Promised } from "../support/trial.ts";

const inputs = { large: 1_000_000, small: 20_000 };
/** By then caches, pools and heaps have grown to what they are. */
const warm = 0.3;

export const anyInput: Promised = {
  id: "P16",
  title: "no input ends a process or is a fault of the server's",
  seeds: 1,
  mutants: [
    {
      what: "what a socket's handler throws is nobody's",
      file: "server/realtime/edge.ts",
      from: "const error = toAppError(err);",
      to: "throw err;",
    },
    {
      what: "what a route throws is left to the framework",
      file: "server/http/middleware/errors.ts",
      from: "const error = toAppError(thrown);",
      to: "throw thrown;",
    },
    {
      what: "a form's header is trusted to be one",
      file: "server/http/part-head.ts",
      from: "    throw damaged(cause);\n  }\n  throw damaged();",
      to: "    throw cause;\n  }\n  throw damaged();",
    },
    {
      what: "NUL, lone surrogates and depth are left to the schemas",
      file: "server/input.ts",
      from: "if (unfit) throw invalid([unfit]);",
      to: "",
    },
  ],
  async attack({ random, isLarge }) {
    const found = noFindings();
    const { wrong } = found;
    await using world = await openWorld();
    const targets = [
      ...(await socketTargets(world)),
      ...httpTargets(world),
      ...importTargets(world),
      ...fileTargets,
    ];
    const total = new Map<AnyTarget, Taken>(
      targets.map((one) => [one, { counts: new Map(), wrong: [], ms: 0 }]),
    );

    async function attackAll(part: number): Promise<void> {
      const all = part * (isLarge ? inputs.large : inputs.small);
      const attackOne = async (one: AnyTarget) => {
        const taken = await one.attack(
          Math.ceil((all * one.share) / 1000),
          random.between(0, 2 ** 30),
        );
        add(total.get(one), taken);
      };
      await Promise.all(targets.map(attackOne));
    }

    await attackAll(warm);
    const before = await measure(world);
    await attackAll(1 - warm);
    await untilAllEnded(world.cluster, 300).catch((err: Error) => wrong.push(err.message));
    const after = await measure(world);
    for (const [{ name }, taken] of total) wrong.push(...judgeTaken(name, taken));
    wrong.push(...judgeProcesses(world), ...(await judgeJobs(world)));
    wrong.push(...(await judgeService(world)));
    report(total, before, after);
    return { ...found, faults: count(total), recoveryMs: [] };
  },
};

function add(total: Taken | undefined, { counts, wrong, ms }: Taken): void {
  if (total) total.ms += ms;
  for (const [code, n] of counts) total?.counts.set(code, (total.counts.get(code) ?? 0) + n);
  total?.wrong.push(...wrong);
}

const sum = (numbers: Iterable<number>) => [...numbers].reduce((a, b) => a + b, 0);
const count = (total: Map<AnyTarget, Taken>) =>
  sum([...total.values()].map(({ counts }) => sum(counts.values())));

/** What was sent where, and how it was taken. */
function report(total: Map<AnyTarget, Taken>, before: number[], after: number[]): void {
  for (const [{ name }, { counts, ms }] of total) {
    const codes = [...counts].sort(([, a], [, b]) => b - a).map(([code, n]) => `${code} ${n}`);
    console.log(
      `  ${name}: ${sum(counts.values())} in ${Math.round(ms / 1000)} s (${codes.slice(0, 14).join(", ")})`,
    );
  }
  console.log(
    `  ${count(total)} inputs; MiB of the processes ${before.join(", ")}, then ${after.join(", ")}`,
  );
}

import { fileTargets } from "../inputs/file-targets.ts";
import { httpTargets } from "../inputs/http-targets.ts";
import { importTargets } from "../inputs/import-targets.ts";
import {
  judgeJobs,
  judgeMemory,
  judgeProcesses,
  judgeService,
  judgeTaken,
  measure,
} from "../inputs/judge.ts";
import { socketTargets } from "../inputs/socket-targets.ts";
import { createTally } from "../inputs/tally.ts";
import type { AnyTarget } from "../inputs/target.ts";
import { openWorld } from "../inputs/world.ts";
import { untilAllEnded } from "../support/submissions.ts";
import { noFindings, type Promised } from "../support/trial.ts";

const inputs = { large: 1_000_000, small: 20_000 };
/** Of all inputs. By then caches, pools and heaps have grown to what they are. */
const warm = 0.3;

/** MiB on top of a tenth; a few seconds are too short for a heap to have settled. */
const slack = { large: 40, small: 120 };

/**
 * An input is one request, packet, call or file that was generated from the run's seed. In a thousand: 300 socket
 * requests of every name, 60 queries of records and 70 cursors, all three over connections that last; 6
 * connections, each with a handshake and up to 3 packets, however many of them are heard; 80 calls, 2 more
 * that rename and 2 about accounts; 25 times bytes that are nearly HTTP, each over a connection of its own; 3 forms, 1
 * export, 1 or 2 imports and repairs, whose jobs must end; and 450 files that are read by the import thread's parsers
 * in this process, without a server. `--seed` makes the same inputs; ids, tokens and cursors in them stand for the run's.
 */
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
    const tally = createTally(targets);

    async function attackAll(part: number): Promise<void> {
      const all = part * (isLarge ? inputs.large : inputs.small);
      const attackOne = async (one: AnyTarget) => {
        const taken = await one.attack(
          Math.ceil((all * one.share) / 1000),
          random.between(0, 2 ** 30),
        );
        tally.add(one, taken);
      };
      await Promise.all(targets.map(attackOne));
    }

    await attackAll(warm);
    const before = measure(world);
    await attackAll(1 - warm);
    await untilAllEnded(world.cluster, 300).catch((err: Error) => wrong.push(err.message));
    const after = measure(world);
    for (const [{ name }, taken] of tally.all) wrong.push(...judgeTaken(name, taken));
    wrong.push(...judgeProcesses(world), ...(await judgeJobs(world)));
    wrong.push(...judgeMemory(before, after, slack[isLarge ? "large" : "small"]));
    wrong.push(...(await judgeService(world)));
    for (const line of tally.lines()) console.log(`  ${line}`);
    console.log(`  MiB of the processes: ${before.join(", ")}, then ${after.join(", ")}`);
    return { ...found, faults: tally.count(), recoveryMs: [] };
  },
};

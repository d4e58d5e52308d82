import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { createJobWorld, type JobWorld } from "../support/job-world.ts";
import { type Findings, noFindings, type Promised } from "../support/trial.ts";

type Command = { say: string; do: (world: JobWorld) => Promise<unknown> };

const most = { jobs: 4, kills: 3, freezes: 2 };
const any = fc.nat(11);
const node = fc.nat(1);
const words = fc.constantFrom("keep" as const, "keep" as const, "discard" as const);

/** A command that finds nothing it could be applied to does nothing. */
const commands: fc.Arbitrary<Command> = fc.oneof(
  node.map((at) => ({
    say: `submit by node ${at}`,
    do: async (world: JobWorld) => world.jobs() < most.jobs && world.submit(at),
  })),
  fc.tuple(any, node, words).map(([job, at, rows]) => ({
    say: `cancel ${job} by node ${at}, ${rows}`,
    do: (world: JobWorld) => world.cancel(job, at, rows),
  })),
  fc.tuple(any, node).map(([job, at]) => ({
    say: `retry ${job} by node ${at}`,
    do: (world: JobWorld) => world.retry(job, at),
  })),
  any.map((worker) => ({
    say: `kill worker ${worker}`,
    do: async (world: JobWorld) => world.counts.kills < most.kills && world.kill(worker),
  })),
  fc.constant({
    say: "freeze the workers",
    do: async (world: JobWorld) => world.counts.freezes < most.freezes && world.freeze(),
  }),
  fc.tuple(any, node).map(([job, at]) => ({
    say: `follow ${job} by node ${at}`,
    do: (world: JobWorld) => world.reconnect(job, at),
  })),
  fc.nat(2500).map((ms) => ({ say: `${ms} ms`, do: () => pause(ms) })),
);

/** Somewhere in between an attempt is frozen right before its final state. */
const stories = (length: number): fc.Arbitrary<Command[]> =>
  fc
    .tuple(fc.array(commands, { minLength: length, maxLength: length }), fc.nat(length))
    .map(([list, at]) => [
      { say: "submit", do: (world: JobWorld) => world.submit(0) },
      ...list.slice(0, at),
      { say: "freeze an end", do: (world: JobWorld) => world.freezeAtEnd(1) },
      ...list.slice(at),
    ]);

export const oneTruth: Promised = {
  id: "P12",
  title: "one final event per run, nothing after it, and it is what is stored",
  seeds: 20,
  mutants: [
    {
      what: "the final state isn't compared before it is set",
      file: "server/jobs/job-store.ts",
      from: "const ended = await save(",
      to: "const ended = await (({ _id }, $set, session) => jobs.findOneAndUpdate({ _id }, { $set }, { ...after, session }).lean())(",
    },
  ],
  async attack({ random, isLarge }) {
    const seed = random.between(0, 2 ** 31 - 1);
    const [story = []] = fc.sample(stories(isLarge ? 40 : 12), { seed, numRuns: 1 });
    await using world = await createJobWorld(isLarge);
    for (const command of story) await command.do(world);
    const findings: Findings = await world.judge().catch((err: unknown) => ({
      ...noFindings(),
      wrong: [`no end: ${err instanceof Error ? err.message : String(err)}`],
    }));
    const { kills, freezes, reconnects } = world.counts;
    if (world.fenced() === 0) findings.wrong.push("no attempt met the fence");
    const isBad = Object.values(findings).some((list) => list.length > 0);
    if (isBad) findings.wrong.push(`story: ${story.map(({ say }) => say).join("; ")}`);
    return { ...findings, faults: kills + freezes + reconnects, recoveryMs: [] };
  },
};

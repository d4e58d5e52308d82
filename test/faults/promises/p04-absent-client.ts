import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Job } from "../../../protocol/jobs.ts";
import { jobChannel } from "../../../server/jobs/job-channels.ts";
import { comeAndGo } from "../support/comings-and-goings.ts";
import { countReaches, judgeStory, placeAfter } from "../support/judge-story.ts";
import { isFinal } from "../support/judgement.ts";
import { keepLedger, type Ledger, type Reach } from "../support/ledger.ts";
import type { Random } from "../support/random.ts";
import { judgeStored, type ReferenceImport, submitReference } from "../support/reference-import.ts";
import { type Rig, startRig } from "../support/rig.ts";
import { readStoredJob } from "../support/stored-job.ts";
import { join, noFindings, type Promised } from "../support/trial.ts";
import { type Absence, createWanderer, drawAbsence, type Wanderer } from "../support/wanderer.ts";
import type { Watcher } from "../support/watcher.ts";

const chatEveryMs = 100;
const small = { visitors: 6, visits: 25, wanderers: 6, longestMs: [3000], rows: 20_000 };
const large: typeof small = {
  visitors: 8,
  visits: 100,
  wanderers: 16,
  longestMs: [10_000, 110_000],
  rows: 200_000,
};

/** Comings and goings without a pause while events pour in; gives what each visitor was told. */
async function storm(rig: Rig, ledger: Ledger, { ann }: ReferenceImport, tier: typeof small) {
  let isOver = false;
  const visiting = Array.from({ length: tier.visitors }, (_, i) => {
    const sockets = [i, i + 1].map((node) => ann.socket(rig.url(node % 2)));
    return comeAndGo(sockets, ledger.channel, tier.visits);
  });
  const stories = Promise.all(visiting).finally(() => {
    isOver = true;
  });
  const pour = async () => {
    while (!isOver) await ledger.say();
  };
  await Promise.all([stories, pour()]);
  return stories;
}

/** What makes an absence end just within the reach of the log, or past it in each of the ways. */
function drawBursts(random: Random, ledger: Ledger): (() => Promise<void>)[] {
  const say = async (events: number, more = {}) => {
    for (let i = 0; i < events; i += 1) await ledger.say(more);
  };
  const within = random.between(400, 450);
  const tooMany = random.between(501, 600);
  const tooBig = random.between(70, 90);
  return [
    () => say(within),
    () => say(tooMany),
    () => say(tooBig, { text: "x".repeat(4096) }),
    async () => {
      await ledger.say();
      await ledger.trim();
    },
  ];
}

/** All away at random, in rounds; then a few, one after the other, while what the log holds changes. */
async function wander(
  wanderers: readonly Wanderer[],
  rounds: readonly Absence[][],
  bursts: readonly (() => Promise<void>)[],
): Promise<number[]> {
  const recoveryMs: number[] = [];
  for (const round of rounds) {
    const away = round.map((absence, i) => wanderers[i]?.goAway(absence) ?? 0);
    recoveryMs.push(...(await Promise.all(away)));
  }
  for (const [i, burst] of bursts.entries()) {
    const absence: Absence = { how: "reset", ms: 0, node: i % 2 };
    recoveryMs.push((await wanderers[i]?.goAway(absence, burst)) ?? 0);
  }
  return recoveryMs;
}

/** Whether a client ended where the channel did, with the state that is stored, told once. */
function judgeEnd({ seen, events, failure }: Watcher, stored: Job, ledger: Ledger, name: string) {
  const found = noFindings();
  const finals = events().filter(isFinal).length;
  if (finals === 0) found.lost.push(`${name}: the final event`);
  if (finals > 1) found.doubled.push(`${name}: ${finals} final events`);
  if (placeAfter(seen) !== ledger.lastSeq()) found.wrong.push(`${name}: not at the end`);
  if (!isDeepStrictEqual(events().at(-1)?.data, stored)) {
    found.wrong.push(`${name}: the last event isn't the stored job`);
  }
  if (failure() !== null) found.wrong.push(`${name}: ${failure()}`);
  return found;
}

/** The kinds of absences that there should have been, and weren't. */
function findMissing(wanderers: readonly Wanderer[], ledger: Ledger): string[] {
  const counts = wanderers.map(({ watcher }) => countReaches(watcher.seen, ledger));
  const kinds: Reach[] = ["within", "too many", "too big", "trimmed"];
  return kinds
    .filter((kind) => counts.every((count) => count[kind] === 0))
    .map((kind) => `no absence was ${kind}`);
}

export const absentClient: Promised = {
  id: "P4",
  title: "a client that was away gets every missed event once, or is told so",
  seeds: 5,
  mutants: [
    {
      what: "a room is joined after the log is read",
      file: "server/realtime/channels.ts",
      from: `void socket.join(ref.room);
    const confirmed = cluster.confirm(ref.room).then(() => log.read(ref, after));`,
      to: "const confirmed = log.read(ref, after).finally(() => socket.join(ref.room));",
    },
    {
      what: "a client that comes back has forgotten where it was",
      file: "client/channel-rule.ts",
      from: `case "lost":
      return { state: behind(state.position), out: [] };`,
      to: `case "lost":
      return { state: behind(null), out: [] };`,
    },
    {
      what: "who is too far behind is given it all nonetheless",
      file: "server/infrastructure/channel-scripts.ts",
      from: "if ARGV[2] ~= epoch or at > seq or seq - at > tonumber(ARGV[4]) then return answer end",
      to: "if ARGV[2] ~= epoch then return answer end",
    },
  ],
  async attack({ random, isLarge }) {
    const tier = isLarge ? large : small;
    const rounds = tier.longestMs.map((longestMs) =>
      Array.from({ length: tier.wanderers }, () => drawAbsence(random, longestMs)),
    );
    await using rig = await startRig();
    const given = await submitReference(rig, { rows: tier.rows, broken: 100 });
    await using ledger = await keepLedger(rig.cluster, jobChannel(given.job.id));
    const bursts = drawBursts(random, ledger);
    const visitors = await storm(rig, ledger, given, tier);

    const wanderers = await Promise.all(
      Array.from({ length: tier.wanderers }, (_, i) =>
        createWanderer(rig, given.ann, ledger, i % 2),
      ),
    );
    const worker = await rig.addWorker();
    // It must not end before everybody is back.
    worker.mongo?.toServer.set({ bytesPerSecond: tier.rows / 5, sliceBytes: 1024 });
    let isOver = false;
    const chat = async () => {
      for (; !isOver; await pause(chatEveryMs)) await ledger.say();
    };
    const wandering = wander(wanderers, rounds, bursts).finally(() => {
      isOver = true;
    });
    const [recoveryMs] = await Promise.all([wandering, chat()]);
    const hasEnded = given.watchers.some(({ events }) => events().some(isFinal));
    worker.mongo?.toServer.clear();
    const clients = [...given.watchers, ...wanderers.map(({ watcher }) => watcher)];
    await Promise.all(clients.map(({ until }) => until(isFinal, "the end", 90)));

    const stored = await readStoredJob(rig.cluster, given.job.id);
    const found = join(
      await judgeStored(rig, given),
      ...visitors.map((items, i) => judgeStory(items, ledger, `visitor ${i}`)),
      ...clients.map(({ seen }, i) => judgeStory(seen, ledger, `client ${i}`)),
      ...clients.map((client, i) => judgeEnd(client, stored, ledger, `client ${i}`)),
    );
    found.wrong.push(...findMissing(wanderers, ledger));
    if (hasEnded) found.wrong.push("the import ended before the last client was back");
    return { ...found, faults: recoveryMs.length, recoveryMs };
  },
};

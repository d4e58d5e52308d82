import { setTimeout as pause } from "node:timers/promises";
import { eventually } from "../../flows/support/eventually.ts";
import { hasRows, isFinal, jobOf } from "../support/judgement.ts";
import { judgePages, type PageRead, startReading } from "../support/page-readers.ts";
import {
  judgeImport,
  type ReferenceImport,
  sizeOf,
  stretched,
  submitReference,
} from "../support/reference-import.ts";
import { type ReplicaSet, startReplicaSet } from "../support/replica-set.ts";
import { startRig } from "../support/rig.ts";
import { judgeSubmissions, startSubmitting } from "../support/submissions.ts";
import { join, type Promised, type Trial } from "../support/trial.ts";

const longestToWriteMs = 30_000;

type Attack = { set: ReplicaSet; given: ReferenceImport; database: string } & Pick<Trial, "random">;
/** When the primary was lost, how it comes back, and words for what missed its aim. */
type Loss = { lostAt: number; comeBack: () => void; wrong: string[] };

async function stepDown({ set }: Attack): Promise<Loss> {
  const primary = await set.findPrimary();
  const lostAt = Date.now();
  await primary.ask({ replSetStepDown: 10, secondaryCatchUpPeriodSecs: 5 });
  const next = await set.findPrimary();
  const wrong = next === primary ? ["the primary didn't step down"] : [];
  return { lostAt, comeBack: () => {}, wrong };
}

/** Kills the primary with writes that no other member has. */
async function kill({ set, given, random, database }: Attack): Promise<Loss> {
  const primary = await set.findPrimary();
  const others = set.members.filter((member) => member !== primary);
  const countRows = () =>
    Promise.all(
      [primary, ...others].map((one) => one.countRows(database, `records_${given.dataset.id}`)),
    );
  const hold = (isHeld: boolean) => Promise.all(others.map((other) => other.holdBack(isHeld)));
  await hold(true);
  try {
    const isAhead = ([own = 0, ...copied]: number[]) => own > Math.max(...copied);
    const counts = await eventually(countRows, isAhead);
    await pause(random.between(0, 1500));
    const lostAt = Date.now();
    await primary.kill();
    const wrong = isAhead(counts) ? [] : ["no row was on the primary alone"];
    return { lostAt, comeBack: primary.restart, wrong };
  } finally {
    await hold(false);
  }
}

/** Between the loss and the next checkpoint. */
const isDuring = ({ begunAt, endedAt }: PageRead, lostAt: number, againAt: number) =>
  begunAt < againAt && endedAt > lostAt;

export const primaryLost: Promised = {
  id: "P9",
  title: "MongoDB's primary steps down or dies: no acknowledged row is lost or doubled",
  seeds: 5,
  mutants: [
    {
      what: "rows are acknowledged by the primary alone",
      file: "server/datasets/raw-insert.ts",
      from: 'writeConcern: { w: "majority" } } as const',
      to: "writeConcern: { w: 1 } } as const",
    },
    {
      what: "all else is acknowledged by the primary alone",
      file: "server/infrastructure/mongo.ts",
      from: 'writeConcern: { w: "majority" },',
      to: "writeConcern: { w: 1 },",
    },
  ],
  async attack({ random, isLarge }) {
    const size = sizeOf({ isLarge });
    await using set = await startReplicaSet();
    await using rig = await startRig({ hasMongoLinks: false, servers: { MONGODB_URI: set.uri } });
    const given = await submitReference(rig, size);
    const [first] = given.watchers;
    if (!first) throw new Error("nobody watches");
    const clients = [await rig.signUp(0), await rig.signUp(1)];
    const database = rig.cluster.mongo.name;

    set.slowDown(stretched(size) / 2);
    await rig.addWorker();
    await first.until(hasRows, "rows");
    const reading = startReading({ rig, given, readers: isLarge ? 6 : 3, random });
    const submitting = startSubmitting({ rig, clients, everyMs: 500, random });
    const wrong: string[] = [];
    const recoveryMs: number[] = [];
    const outages: [lostAt: number, againAt: number][] = [];
    for (const lose of [stepDown, kill]) {
      await pause(random.between(0, 800));
      const rows = Math.max(...first.events().map((event) => jobOf(event).progress.rowsImported));
      const loss = await lose({ set, given, random, database });
      wrong.push(...loss.wrong);
      if (first.events().some(isFinal)) wrong.push("the import ended before the fault");
      const hasMore = () =>
        first.seen.find(
          ({ seenAt, ...item }) =>
            seenAt > loss.lostAt &&
            item.kind === "event" &&
            jobOf(item.event).progress.rowsImported > rows,
        );
      const { seenAt } = await first.untilSeen(hasMore, "rows again", 60);
      // Not before: the others would take over from it what only it has.
      loss.comeBack();
      recoveryMs.push(seenAt - loss.lostAt);
      outages.push([loss.lostAt, seenAt]);
    }
    set.slowDown(Number.POSITIVE_INFINITY);
    await given.untilEnded();
    const [reads, sent] = await Promise.all([reading.stop(), submitting.stop()]);
    await set.untilWhole();

    const findings = join(
      await judgeImport(rig, given),
      judgePages(reads, given.file),
      await judgeSubmissions(rig.cluster, sent),
    );
    for (const ms of recoveryMs) {
      if (ms > longestToWriteMs) wrong.push(`no rows for ${ms} ms`);
    }
    for (const [lostAt, againAt] of outages) {
      const asked = reads.filter((one) => isDuring(one, lostAt, againAt)).length;
      if (asked === 0) wrong.push("nobody asked for a page without a primary");
    }
    findings.wrong.push(...wrong);
    return { ...findings, faults: outages.length, recoveryMs };
  },
};

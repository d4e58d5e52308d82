import { randomUUID } from "node:crypto";
import type { Submitted } from "../../../protocol/jobs.ts";
import type { Answer } from "../../support/client.ts";
import { startRig } from "../support/rig.ts";
import { noFindings, type Promised } from "../support/trial.ts";

const file = "a,b\n1,2\n3,4\n";
const parallel = 50;

/** The answer, or null where the line was cut before it came. */
type Outcome = Answer<Submitted> | null;

export const sameImportTwice: Promised = {
  id: "P10",
  title: "submitting the same import twice makes one",
  seeds: 10,
  mutants: [
    {
      what: "the key is kept without a unique index",
      file: "server/jobs/upload.model.ts",
      from: "{ unique: true }",
      to: "{}",
    },
  ],
  async attack({ random }) {
    await using rig = await startRig();
    const ann = await rig.signUp();
    const found = noFindings();
    const front = rig.nodes[1]?.front;
    if (!front) throw new Error("no front");

    const submit = (key: string, node: number, text = file): Promise<Outcome> =>
      ann
        .upload(text, { headers: { "Idempotency-Key": key }, at: rig.url(node) })
        .catch(() => null);
    const stored = (collection: string) =>
      rig.cluster.mongo.collection(collection).countDocuments({ userId: ann.user.id });

    // Fifty at once, over both nodes.
    const key = randomUUID();
    const storm = await Promise.all(
      Array.from({ length: parallel }, () => submit(key, random.between(0, 1))),
    );
    const ids = new Set(storm.map((answer) => answer?.body.job?.id ?? `${answer?.status}`));
    if (ids.size !== 1) found.doubled.push(`the answers name ${ids.size} jobs`);
    if ((await stored("jobs")) !== 1) found.doubled.push(`${await stored("jobs")} jobs are stored`);

    // The same key for another file.
    const other = await submit(key, random.between(0, 1), `${file}5,6\n`);
    if (other?.status !== 409) found.wrong.push(`another file under the key: ${other?.status}`);

    // The answer is cut off after the commit; then again, until it comes.
    const cutKey = randomUUID();
    front.toClient.set({ isStalled: true });
    const answered = front.toClient.untilHeld();
    const lost = submit(cutKey, 1);
    await answered;
    front.cut();
    front.toClient.set({ isStalled: false });
    if ((await lost) !== null) found.wrong.push("the answer came although its line was cut");
    const again = await submit(cutKey, random.between(0, 1));
    if (again?.status !== 202) found.lost.push(`after a lost answer: ${again?.status}`);
    if ((await stored("jobs")) !== 2) found.doubled.push(`${await stored("jobs")} jobs, not 2`);
    if ((await stored("datasets")) !== 2) {
      found.doubled.push(`${await stored("datasets")} datasets, not 2`);
    }
    const files = await rig.cluster.mongo.collection("files.files").countDocuments();
    if (files !== 2) found.wrong.push(`${files} files are stored, not 2`);
    return { ...found, faults: parallel + 1, recoveryMs: [] };
  },
};

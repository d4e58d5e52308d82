import { randomUUID } from "node:crypto";
import type { Submitted } from "../../../protocol/jobs.ts";
import type { Answer } from "../../support/client.ts";
import { startRig } from "../support/rig.ts";
import { noFindings, type Promised } from "../support/trial.ts";

const file = "a,b\n1,2\n3,4\n";
const parallel = 50;

/** The answer, or null where the line was cut before it came. */
type Outcome = Answer<Submitted> | null;

/** The id of the job that an answer names, or the code of its error. */
function nameOf(answer: Outcome): string {
  if (!answer) return "no answer";
  const body: { job?: { id: string }; code?: string } = answer.body;
  return body.job?.id ?? body.code ?? `status ${answer.status}`;
}

export const sameImportTwice: Promised = {
  id: "P10",
  title: "submitting the same import twice makes one",
  seeds: 10,
  mutants: [
    {
      what: "a key is known to one node alone",
      file: "server/jobs/submissions.ts",
      from: 'route: "datasets",',
      to: "route: String(process.pid),",
    },
    {
      what: "the key is kept without a unique index",
      file: "server/jobs/upload.model.ts",
      from: "{ unique: true }",
      to: "{}",
    },
  ],
  async attack({ random }) {
    await using rig = await startRig({ hasDefaultLimits: true });
    const ann = await rig.signUp();
    const found = noFindings();
    const front = rig.nodes[1]?.front;
    if (!front) throw new Error("no front");

    const submit = (key: string, node: number, text = file): Promise<Outcome> =>
      ann
        .upload(text, { headers: { "Idempotency-Key": key }, at: rig.url(node) })
        .catch(() => null);
    const storedJobs = async () => {
      const jobs = rig.cluster.mongo.collection<{ _id: string }>("jobs");
      return (await jobs.find({ kind: "import" }).sort({ createdAt: 1 }).toArray()).map(
        ({ _id }) => _id,
      );
    };
    async function expectStored(imports: number): Promise<void> {
      for (const name of ["jobs", "datasets", "files.files", "idempotency_keys"]) {
        const ofImports = name === "jobs" ? { kind: "import" } : {};
        const count = await rig.cluster.mongo.collection(name).countDocuments(ofImports);
        if (count > imports) found.doubled.push(`${count} ${name}, not ${imports}`);
        if (count < imports) found.lost.push(`${count} ${name}, not ${imports}`);
      }
    }

    // Fifty at once, over both nodes.
    const key = randomUUID();
    const storm = await Promise.all(
      Array.from({ length: parallel }, () => submit(key, random.between(0, 1))),
    );
    const [first] = await storedJobs();
    const ids = new Set(storm.map(nameOf));
    if (ids.size !== 1) found.doubled.push(`the answers name ${ids.size} jobs`);
    if (!first || !ids.has(first)) found.lost.push("the answers don't name the job that is stored");
    await expectStored(1);

    // The same key for another file.
    const other = await submit(key, random.between(0, 1), `${file}5,6\n`);
    const said = nameOf(other);
    if (said !== "conflict") found.wrong.push(`another file under the key: ${said}`);
    await expectStored(1);

    // The answer is cut off after the commit; then again, until it comes.
    const cutKey = randomUUID();
    const known = await storedJobs();
    front.toClient.set({ isStalled: true });
    const answered = front.toClient.untilHeld();
    const lost = submit(cutKey, 1);
    await answered;
    front.cut();
    front.toClient.set({ isStalled: false });
    if ((await lost) !== null) found.wrong.push("the answer came although its line was cut");
    const again = await submit(cutKey, random.between(0, 1));
    const fresh = (await storedJobs()).filter((id) => !known.includes(id));
    if (!fresh.includes(nameOf(again))) found.lost.push(`after a lost answer: ${nameOf(again)}`);
    await expectStored(2);
    return { ...found, faults: parallel + 1, recoveryMs: [] };
  },
};

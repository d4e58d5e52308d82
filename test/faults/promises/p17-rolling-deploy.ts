import type { TestClient } from "../../support/client.ts";
import { countSnapshots } from "../support/judge-watchers.ts";
import { hasRows, isFinal } from "../support/judgement.ts";
import { judgeImport, submitReference } from "../support/reference-import.ts";
import { type Member, type Rig, startRig } from "../support/rig.ts";
import { noFindings, type Promised } from "../support/trial.ts";
import type { Watcher } from "../support/watcher.ts";

const longestExitMs = 30_000;
/** A job whose worker was asked to stop goes on at once; one that was only found stalled, after 10 to 15 s. The small tier leaves room for a busy machine. */
const longestGapMs = { large: 9000, small: 20_000 };

/** Takes about 40 s on the slowed lines, longer than all the replacements. */
const size = { rows: 150_000, broken: 300 };
const bytesPerSecond = 160_000;

/** Reads pages and uploads small files through every front, one after the other, until `isOver`. */
async function browse(rig: Rig, ann: TestClient, datasetId: string, isOver: () => boolean) {
  const found = noFindings();
  let requests = 0;
  const ask = async (node: number) => {
    const isUpload = requests % 10 === 0;
    const send = () =>
      isUpload
        ? ann.upload("a,b\n1,2\n", { at: rig.url(node) })
        : ann.call(`/api/v1/datasets/${datasetId}/records`, {}, rig.url(node));
    // A kept-alive connection may have been closed just when it was taken: once more is allowed.
    const answer = await send().catch(send);
    requests += 1;
    if (answer.status !== (isUpload ? 202 : 200)) {
      found.wrong.push(`a request got ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
  };
  while (!isOver()) {
    await ask(requests % rig.nodes.length).catch((err: Error) => {
      found.wrong.push(`a request failed: ${err.message}, ${err.cause}`);
    });
  }
  return { found, requests };
}

/** Tells the balancer, asks the process to end, waits for that and starts its successor. */
async function replace(rig: Rig, member: Member, wrong: string[]): Promise<number> {
  const other = rig.nodes.find((node) => node !== member);
  if (member.front && other?.process.url) member.front.leadTo(other.process.url);
  const begun = Date.now();
  await member.process.kill("SIGTERM");
  const ms = Date.now() - begun;
  const { exitCode } = member.process.child;
  if (exitCode !== 0) wrong.push(`${member.name} ended with ${exitCode}`);
  if (ms > longestExitMs) wrong.push(`${member.name} took ${ms} ms to end`);
  await member.restart();
  return ms;
}

/** The longest time in which a watcher heard nothing between the first and the last event. */
function longestSilence({ seen }: Watcher): number {
  const times = seen.flatMap((item) => (item.kind === "event" ? [item.seenAt] : []));
  return Math.max(0, ...times.slice(1).map((at, i) => at - (times[i] ?? at)));
}

export const rollingDeploy: Promised = {
  id: "P17",
  title: "a rolling deploy is invisible",
  seeds: 10,
  mutants: [
    {
      what: "a worker that ends doesn't hand its job back",
      file: "server/jobs/runner.ts",
      from: "await giveBack(excuse(job), 0, signal);",
      to: "log.warn({ event: reason });",
    },
    {
      what: "a node doesn't ask its sockets to move",
      file: "server/realtime/drain.ts",
      from: 'socket.emit("server:draining", { reconnectAfter });',
      to: "process.exit(reconnectAfter < 0 ? 0 : 1);",
    },
  ],
  async attack({ random, isLarge }) {
    await using rig = await startRig({ workers: 2, env: { LIMIT_JOBS: "100000" } });
    for (const { mongo } of rig.workers) mongo?.toServer.set({ bytesPerSecond });
    const given = await submitReference(rig, size);
    const [first] = given.watchers;
    if (!first) throw new Error("nobody watches");
    await first.until(hasRows, "rows");
    let isOver = false;
    const browsing = browse(rig, given.ann, given.dataset.id, () => isOver);

    const wrong: string[] = [];
    const members = [...rig.nodes, ...rig.workers];
    const recoveryMs: number[] = [];
    const from = random.between(0, members.length - 1);
    for (let i = 0; i < members.length; i += 1) {
      const member = members[(from + i) % members.length] as Member;
      recoveryMs.push(await replace(rig, member, wrong));
    }
    if (first.events().some(isFinal)) wrong.push("the import ended before the last replacement");
    for (const { mongo } of rig.workers) mongo?.toServer.clear();
    isOver = true;
    const { found, requests } = await browsing;
    await given.untilEnded();

    const findings = await judgeImport(rig, given);
    findings.wrong.push(...wrong, ...found.wrong);
    for (const watcher of given.watchers) {
      const silence = longestSilence(watcher);
      if (silence > (isLarge ? longestGapMs.large : longestGapMs.small))
        findings.wrong.push(`no event for ${silence} ms`);
      if (countSnapshots(watcher.seen) > 0) findings.gaps.push("a watcher had to begin anew");
    }
    if (requests < 20) findings.wrong.push(`only ${requests} requests were made`);
    return { ...findings, faults: members.length, recoveryMs };
  },
};

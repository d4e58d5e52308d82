import type { Submitted } from "../../../protocol/jobs.ts";
import type { TestClient } from "../../support/client.ts";
import { judgeUploads, untilAllTold } from "./judge-uploads.ts";
import { createCaller } from "./keep-alive.ts";
import { createLoad } from "./load.ts";
import type { Rig } from "./rig.ts";
import { type Findings, join, noFindings } from "./trial.ts";
import { createUploader } from "./visitors.ts";
import { type Watcher, watch } from "./watcher.ts";

const rows = 10;
/** So many connect at once, or the nodes would refuse some. */
const atOnce = 50;
const socketsEach = 25;
const uploadEveryMs = 4000;

type Person = {
  client: TestClient;
  accepted: Submitted[];
  /** those at the first node, at the second, … */
  watchers: Watcher[][];
};

/** Users with `size` sockets on all nodes, which watch how their small uploads fare. */
export async function gatherCrowd(rig: Rig, size: number) {
  const users = Math.ceil(size / socketsEach);
  const people = await Promise.all(
    Array.from({ length: users }, async (): Promise<Person> => {
      const watchers: Watcher[][] = rig.nodes.map(() => []);
      return { client: await rig.signUp(), accepted: [], watchers };
    }),
  );
  for (let from = 0; from < size; from += atOnce) {
    const group = Array.from({ length: Math.min(atOnce, size - from) }, (_, i) => {
      const person = people[(from + i) % users];
      const node = Math.floor((from + i) / users) % rig.nodes.length;
      if (!person) throw new Error("nobody to watch");
      const watcher = watch(person.client, rig.url(node), "jobs");
      person.watchers[node]?.push(watcher);
      return watcher.untilSeen((seen) => seen[0], "an answer to a subscription");
    });
    await Promise.all(group);
  }
  const load = createLoad();

  return {
    watchersAt: (node: number) => people.flatMap(({ watchers }) => watchers[node] ?? []),
    /** Everybody uploads by way of one node. */
    beginUploads(node: number): void {
      for (const [i, { client, accepted }] of people.entries()) {
        const upload = createUploader(createCaller(client.token), rig.url(node), {
          rows,
          accepted,
        });
        load.keepOn("upload", uploadEveryMs, upload, (i * uploadEveryMs) / users);
      }
    },
    /** Waits until somebody was told something at a node after that moment. */
    untilTold: (node: number, after: number) =>
      Promise.race(
        people.map(({ watchers }) =>
          watchers[node]?.[0]?.untilSeen(
            (seen) => seen.find(({ kind, seenAt }) => kind === "event" && seenAt > after),
            "an event",
          ),
        ),
      ),
    /** What was told and stored, once all uploads have ended for those that are `present`. */
    async end(present: ReadonlySet<Watcher>): Promise<Findings> {
      await load.stop();
      const found = noFindings();
      found.wrong.push(...load.failures.map(({ message }) => `an upload failed: ${message}`));
      const judged = people.map(async ({ client, watchers, accepted }) => {
        const all = watchers.flat();
        const there = all.filter((watcher) => present.has(watcher));
        await untilAllTold(client, there, accepted);
        return judgeUploads(rig, all, accepted, rows);
      });
      return join(found, ...(await Promise.all(judged)));
    },
  };
}

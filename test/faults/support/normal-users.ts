import { setTimeout as pause } from "node:timers/promises";
import type { TestClient } from "../../support/client.ts";
import { type Caller, createCaller } from "./keep-alive.ts";
import { createLoad } from "./load.ts";

/** At least and at most: whoever asks at the same moment once mustn't do so for ever. */
const rest = { leastMs: 500, mostMs: 1500 };
/** Seconds; how long answers take is judged by their percentile. */
const timeout = 40;

/** Users who look at their dataset about once a second, by HTTP and over a socket in turn. */
export function startUsers(clients: readonly TestClient[], datasetIds: readonly string[]) {
  const load = createLoad();
  const callers: Caller[] = [];
  let times: number[] = [];
  for (const [i, client] of clients.entries()) {
    const datasetId = datasetIds[i] ?? "";
    const caller = createCaller(client.token);
    callers.push(caller);
    const socket = client.socket();
    let turn = i;
    load.keepOn(
      "page",
      rest.leastMs,
      async () => {
        turn += 1;
        await pause(Math.random() * (rest.mostMs - rest.leastMs));
        const begunAt = performance.now();
        if (turn % 2) await client.request(socket, "records:list", { datasetId }, { timeout });
        else await caller.ask(client.url, `/api/v1/datasets/${datasetId}/records`, 200);
        times.push(performance.now() - begunAt);
      },
      (i * rest.mostMs) / clients.length,
    );
  }

  return {
    failures: load.failures,
    /** The 95th percentile in ms of the answers since the last look, and how many there were. */
    look(): { p95: number; count: number } {
      const sorted = times.sort((a, b) => a - b);
      times = [];
      return { p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0, count: sorted.length };
    },
    async stop(): Promise<void> {
      await load.stop();
      for (const caller of callers) caller.close();
    },
  };
}

import type { TestClient } from "../../support/client.ts";
import { createLoad } from "./load.ts";

const restMs = 300;
/** Seconds; how long answers take is judged by their percentile. */
const timeout = 40;

/** Users who look at their dataset, by HTTP and over a socket in turn. */
export function startUsers(clients: readonly TestClient[], datasetIds: readonly string[]) {
  const load = createLoad();
  let times: number[] = [];
  for (const [i, client] of clients.entries()) {
    const datasetId = datasetIds[i] ?? "";
    const socket = client.socket();
    let turn = i;
    load.keepOn(
      "page",
      restMs,
      async () => {
        turn += 1;
        const begunAt = performance.now();
        if (turn % 2) await client.request(socket, "records:list", { datasetId }, { timeout });
        else {
          const { status } = await client.call(`/api/v1/datasets/${datasetId}/records`);
          if (status !== 200) throw new Error(`status ${status}`);
        }
        times.push(performance.now() - begunAt);
      },
      (i * restMs) / clients.length,
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
    stop: () => load.stop(),
  };
}

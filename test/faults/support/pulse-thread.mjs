// Asks a node for /healthz every 20 ms, whether the last answer is there or not; tells at the end how long
// the answers took, less the time for which this thread or the node's had no core to run on.
import { readFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { parentPort, workerData } from "node:worker_threads";

const everyMs = 20;
const agent = new Agent({ keepAlive: true });
const { url, pid } = workerData;
const pulse = { times: /** @type {number[]} */ ([]), failed: 0 };

/**
 * Milliseconds that a thread has spent waiting for a core so far (Linux: Documentation/scheduler/sched-stats,
 * /proc/<pid>/schedstat); 0 elsewhere.
 * @param {string} thread
 */
function readWaited(thread) {
  try {
    return Number(readFileSync(`/proc/${thread}/schedstat`, "utf8").split(" ")[1]) / 1e6;
  } catch {
    return 0;
  }
}

const readWaitedByBoth = () => readWaited(`${pid}/task/${pid}`) + readWaited("thread-self");

setInterval(() => {
  const waited = readWaitedByBoth();
  const sentAt = performance.now();
  const asked = get(`${url}/healthz`, { agent }, (response) => {
    response.resume().once("end", () => {
      const ms = performance.now() - sentAt;
      pulse.times.push(Math.max(0, ms - (readWaitedByBoth() - waited)));
    });
  });
  asked.once("error", () => {
    pulse.failed += 1;
  });
}, everyMs);
parentPort?.once("message", () => {
  parentPort?.postMessage(pulse);
  process.exit();
});

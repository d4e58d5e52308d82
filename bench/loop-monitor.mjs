// Preloaded into a process (`--import`): tells whoever started it how long the turns of its event loop took.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

// Threads inherit the preload; theirs are loops on which nobody waits.
if (isMainThread) {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  process.on("message", (question) => {
    if (question === "loop:reset") delays.reset();
    if (question !== "loop:read") return;
    const { count, max, mean } = delays;
    process.send?.({ count, mean: mean / 1e6, p99: delays.percentile(99) / 1e6, max: max / 1e6 });
  });
  process.channel?.unref();
}

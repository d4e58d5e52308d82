// Stands for the thread of imports: dies of a task with the id 1, does any other.
import { parentPort } from "node:worker_threads";

parentPort?.on("message", ({ id, say }) => {
  if (say !== "begin") return;
  if (id === 1) throw new Error("out of memory");
  parentPort?.postMessage({ id, say: "done", result: null });
});

/**
 * Asks again every 50 ms until the answer is something else than null; fails once `child` has
 * ended or the time is over.
 * @template T
 * @param {() => Promise<T | null>} ask
 * @param {{ child: import("node:child_process").ChildProcess, withinMs?: number }} options
 * @returns {Promise<T>}
 */
export async function until(ask, { child, withinMs = 60_000 }) {
  const deadline = Date.now() + withinMs;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const answer = await ask();
    if (answer !== null) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`it was not ready within ${withinMs / 1_000} s`);
}

import { SetupError, say } from "../setup/say.mjs";
import { onNpmGone } from "./ancestors.mjs";

/**
 * @typedef {() => Promise<unknown> | void} Stop
 * @typedef {object} Scope
 * @property {(stop: Stop) => void} onStop runs before the process ends, last one first
 * @property {(code: number) => Promise<never>} finish stops everything, then ends the process
 */

/** @param {unknown} error */
function explain(error) {
  if (error instanceof SetupError) return say(error.message);
  console.error(error);
}

/**
 * Runs a script's main function so that every way out, Ctrl-C while starting included, stops what was started.
 * @param {(scope: Scope) => Promise<void>} main stays running after it returns
 * @param {{ interruptedCode?: number }} [options] the exit code after a signal
 */
export async function runScript(main, { interruptedCode = 0 } = {}) {
  /** @type {Stop[]} */
  const stops = [];
  let stopping = false;

  /** @param {number} code @returns {Promise<never>} */
  const finish = async (code) => {
    if (stopping) return new Promise(() => {});
    stopping = true;
    for (const stop of stops.reverse()) await Promise.resolve(stop()).catch(console.error);
    process.exit(code);
  };
  // A closed terminal or pipe must not end the script before its children.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => void finish(interruptedCode));
  }
  onNpmGone(() => void finish(1));

  try {
    await main({ onStop: (stop) => stops.push(stop), finish });
  } catch (error) {
    if (stopping) return;
    explain(error);
    await finish(1);
  }
}

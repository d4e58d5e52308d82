import { isFree } from "../processes/ports.mjs";
import { SetupError } from "./say.mjs";

/** A whole number from the command line or the environment. @param {string} text @param {{ name: string, min: number, max: number }} limits */
export function readNumber(text, { name, min, max }) {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return number;
  throw new SetupError(`${name} has to be a whole number from ${min} to ${max}, not "${text}".`);
}

/**
 * Says so when somebody else listens on a port that is about to be used.
 * @param {number} port
 * @param {string} otherwise a command that chooses another one
 */
export async function requireFree(port, otherwise) {
  if (await isFree(port, process.env.HOST || "127.0.0.1")) return;
  throw new SetupError(
    `Port ${port} is taken by another program. To use another one: ${otherwise}`,
  );
}

/** A set-up problem that the person at the terminal can act on; shown without a stack. */
export class SetupError extends Error {
  /** @param {string} message @param {string[]} [tried] what was attempted, in order */
  constructor(message, tried = []) {
    super([message, ...tried.map((attempt) => `  - ${attempt}`)].join("\n"));
    this.name = "SetupError";
  }
}

/** Prints one line for the person watching, on standard error: standard output may be read by a program. @param {string} line */
export function say(line) {
  process.stderr.write(`sluice: ${line}\n`);
}

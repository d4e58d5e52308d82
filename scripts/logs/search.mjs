import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { findSecrets } from "./secrets.mjs";

/** Beside the logs of a test file: what was secret there, a JSON text a line. */
export const knownName = "known.ndjson";

/**
 * Searches what the processes of a test run have printed; each test file has a folder of its own there.
 * @param {string} folder
 * @returns {{ logs: number, lines: number, findings: { log: string, kind: string, excerpt: string }[] }}
 */
export function searchLogs(folder) {
  const result = { logs: 0, lines: 0, findings: /** @type {Found[]} */ ([]) };
  const tests = existsSync(folder) ? readdirSync(folder) : [];
  for (const test of tests) {
    const known = readKnown(join(folder, test));
    for (const name of readdirSync(join(folder, test))) {
      if (!name.endsWith(".log")) continue;
      const text = readFileSync(join(folder, test, name), "utf8");
      result.logs += 1;
      result.lines += text.split("\n").length - 1;
      const log = `${test}: ${basename(name, ".log")}`;
      result.findings.push(...findSecrets(text, known).map((found) => ({ log, ...found })));
    }
  }
  return result;
}

/** @typedef {{ log: string, kind: string, excerpt: string }} Found */

/** @param {string} folder @returns {string[]} */
function readKnown(folder) {
  const path = join(folder, knownName);
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  return lines.filter(Boolean).map((line) => JSON.parse(line));
}

const mostShown = 20;

/**
 * The same in words, a line each: first the count, then what was found.
 * @param {ReturnType<typeof searchLogs>} result
 */
export function describeSearch({ logs, lines, findings }) {
  const count = (/** @type {number} */ n) => n.toLocaleString("en");
  const found = findings
    .slice(0, mostShown)
    .map(({ log, kind, excerpt }) => `  ${log}: ${kind}: …${excerpt}…`);
  const more = findings.length - found.length;
  return [
    `searched ${count(logs)} logs, ${count(lines)} lines: ${count(findings.length)} secrets`,
    ...found,
    ...(more > 0 ? [`  and ${count(more)} more`] : []),
  ].join("\n");
}

import type { Held } from "../../flows/support/memory.ts";
import type { Row } from "./row.ts";
import type { Result } from "./run-row.ts";

const longest = 400;

const show = (value: unknown): string => (JSON.stringify(value) ?? "undefined").slice(0, longest);

export const formatSkipped = ({ id, input }: Row, needs: string): string =>
  `${id}  skipped: needs ${needs}  (${input})`;

/** Two lines a row, and one more for whatever went wrong. */
export function formatResult({ row, got, problems, ms, megabytes }: Result): string {
  const outcome = problems.length === 0 ? "passed" : "FAILED";
  return [
    `${row.id}  ${outcome}  ${row.input}  (${ms} ms${megabytes === null ? "" : `, +${megabytes} MB`})`,
    `     expected ${show(row.expected)}  got ${show(got)}`,
    ...problems.map((problem) => `     ! ${problem}`),
  ].join("\n");
}

/** Of each process, megabytes and descriptors. */
export const formatHeld = (held: readonly Held[]): string =>
  held.map(({ megabytes, descriptors }) => `${megabytes} MB ${descriptors} fds`).join(", ");

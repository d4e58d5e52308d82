import type { Output, Row } from "./commands.ts";

/** A table for people, or one `name: value` a line. */
export function formatOutput(output: Output): string {
  if (Array.isArray(output)) return output.length > 0 ? formatTable(output) : "none";
  const width = Math.max(...Object.keys(output).map((name) => name.length));
  return Object.entries(output)
    .map(([name, value]) => `${name.padEnd(width)}  ${show(value)}`)
    .join("\n");
}

function formatTable(rows: Row[]): string {
  const heads = Object.keys(rows[0] ?? {});
  const lines = [heads, ...rows.map((row) => heads.map((head) => show(row[head])))];
  const widths = heads.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function show(value: unknown): string {
  const text =
    Array.isArray(value) || !isThing(value) ? String(value ?? "–") : JSON.stringify(value);
  // Names are people's own: none of them may command the terminal.
  return text.replace(/\p{C}/gu, "?");
}

const isThing = (value: unknown) => typeof value === "object" && value !== null;

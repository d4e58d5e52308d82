import { readFileSync } from "node:fs";

/** The settings that docs/protocol.md names in its section on limits. */
export function documentedLimits(): string[] {
  const text = readFileSync(new URL("../../../docs/protocol.md", import.meta.url), "utf8");
  const section = text.slice(text.indexOf("## 7. Limits"));
  return [...new Set(section.match(/\bLIMIT_[A-Z_]+/g))].sort();
}

import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { makeThrowAwayFolder } from "../../../scripts/processes/guard.mjs";
import { buildServer } from "../../../scripts/setup/server.mjs";
import type { Mutant } from "./trial.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const left = ["node_modules", ".git", ".sluice", "build"];

/** The folder of a copy of the project with these defects in it; it goes when this process does. */
export function copyWith(defects: readonly Mutant[]): string {
  const folder = makeThrowAwayFolder();
  const isWanted = (path: string) => !left.includes(relative(root, path));
  cpSync(root, folder, { recursive: true, filter: isWanted });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const { file, from, to } of defects.flatMap((defect) => [defect, ...(defect.also ?? [])])) {
    const path = join(folder, file);
    const parts = readFileSync(path, "utf8").split(from);
    if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times: ${from}`);
    writeFileSync(path, parts.join(to));
  }
  buildServer(folder);
  return folder;
}

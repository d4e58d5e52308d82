import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { makeThrowAwayFolder, watchOver } from "../../scripts/processes/guard.mjs";
import { promises } from "./promises/catalog.ts";
import type { Mutant } from "./support/trial.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const left = ["node_modules", ".git", ".sluice"];

const { values } = parseArgs({
  options: {
    promise: { type: "string", multiple: true },
    seeds: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
  },
});

/** A copy of the project with the defect in it. */
function build({ file, from, to }: Mutant): string {
  const folder = makeThrowAwayFolder();
  const isWanted = (path: string) => !left.includes(relative(root, path));
  cpSync(root, folder, { recursive: true, filter: isWanted });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const path = join(folder, file);
  const parts = readFileSync(path, "utf8").split(from);
  if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times: ${from}`);
  writeFileSync(path, parts.join(to));
  return folder;
}

/** Whether the promise fails in that copy, within a few seeds; with the words of the run that failed. */
async function attack(id: string, folder: string): Promise<string | null> {
  for (let i = 0; i < Number(values.seeds); i += 1) {
    const seed = String(Number(values.seed) + i);
    const args = ["--promise", id, "--small", "--seeds", "1", "--seed", seed];
    const child = spawn(process.execPath, ["--import", "tsx", "test/faults/run.ts", ...args], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    watchOver(child);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    await once(child, "close");
    const broken = /BROKEN.*\n\s+(.*)/.exec(output);
    if (broken) return `seed ${seed}: ${broken[1]}`;
    if (!output.includes("kept")) throw new Error(`the run itself failed:\n${output}`);
  }
  return null;
}

let isAllCaught = true;
const wanted = values.promise?.flatMap((ids) => ids.split(","));
for (const { id, mutants } of promises) {
  if (wanted && !wanted.includes(id)) continue;
  if (mutants.length === 0) {
    console.log(`${id}: has no mutant`);
    isAllCaught = false;
  }
  for (const mutant of mutants) {
    const caught = await attack(id, build(mutant));
    console.log(
      `${id} ${caught ? "caught" : "SURVIVED"}: ${mutant.what}${caught ? ` (${caught})` : ""}`,
    );
    isAllCaught &&= caught !== null;
  }
}
process.exit(isAllCaught ? 0 : 1);

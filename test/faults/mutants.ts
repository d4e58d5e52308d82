import { spawn } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { watchOver } from "../../scripts/processes/guard.mjs";
import { promises } from "./promises/catalog.ts";
import { copyWith } from "./support/defective-copy.ts";

const { values } = parseArgs({
  options: {
    promise: { type: "string", multiple: true },
    seeds: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
  },
});

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
    const caught = await attack(id, copyWith([mutant]));
    console.log(
      `${id} ${caught ? "caught" : "SURVIVED"}: ${mutant.what}${caught ? ` (${caught})` : ""}`,
    );
    isAllCaught &&= caught !== null;
  }
}
process.exit(isAllCaught ? 0 : 1);

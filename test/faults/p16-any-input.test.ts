import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "@jest/globals";
import { anyInput } from "./promises/p16-any-input.ts";

const seed = process.env.SLUICE_SEED ?? String(Math.floor(Math.random() * 1_000_000));
const program = ["--import", "tsx", "test/faults/run.ts", "--small", "--seeds", "1"];

// In a process of its own: where jest has a module run, each name of Node's own costs a search, and this takes 2 minutes, not 20 s.
it(`P16: ${anyInput.title} (seed ${seed})`, async () => {
  const args = [...program, "--promise", "P16", "--seed", seed];
  const run = promisify(execFile)(process.execPath, args);

  const said = await run.catch(({ stdout, stderr }) => ({ stdout: `${stdout}${stderr}` }));

  expect(said.stdout).toContain(`P16 seed ${seed}: kept`);
}, 240_000);

// `npm run check`: types, lint and format, and the rules about imports and sizes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { watchOver } from "./processes/guard.mjs";
import { runScript } from "./processes/script.mjs";
import { installDependencies } from "./setup/dependencies.mjs";
import { root } from "./setup/project.mjs";
import { say } from "./setup/say.mjs";

/** @type {[string, ...string[]][]} */
const checks = [
  ["tsc", "--noEmit", "-p", "."],
  ["biome", "check", "."],
  ["jest", "test/architecture.test.ts"],
];

/** @param {[string, ...string[]]} check @returns {Promise<boolean>} */
async function passes([tool, ...args]) {
  say([tool, ...args].join(" "));
  const child = spawn(join(root, "node_modules", ".bin", tool), args, {
    cwd: root,
    env: {
      ...process.env,
      NODE_OPTIONS: "--experimental-vm-modules --disable-warning=ExperimentalWarning",
    },
    stdio: "inherit",
  });
  watchOver(child);
  const [code] = await once(child, "exit");
  return code === 0;
}

await runScript(
  async ({ finish }) => {
    await installDependencies();
    /** @type {string[]} */
    const failed = [];
    // One after the other, all of them: each has its own list of what is wrong.
    for (const check of checks) if (!(await passes(check))) failed.push(check[0]);
    say(failed.length === 0 ? "all checks pass" : `failed: ${failed.join(", ")}`);
    await finish(failed.length === 0 ? 0 : 1);
  },
  { interruptedCode: 130 },
);

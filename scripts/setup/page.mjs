import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { run } from "../processes/run.mjs";
import { root } from "./project.mjs";
import { SetupError, say } from "./say.mjs";

const built = join(root, "client-demo", "dist", "index.html");
const sources = ["client-demo", "client", "protocol"].map((name) => join(root, name));

/** @param {string} folder @param {number} time milliseconds @returns {boolean} */
function hasNewer(folder, time) {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { withFileTypes: true }).some((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name !== "dist" && hasNewer(path, time);
    return statSync(path).mtimeMs > time;
  });
}

/** Builds the demo page where it is missing or older than one of its sources. */
export async function buildPage() {
  // Processes that a test starts: the run they belong to has built it, once for all of them.
  if (process.env.NODE_ENV === "test") return;
  if (!existsSync(join(root, "client-demo", "index.html"))) return;
  const builtAt = existsSync(built) ? statSync(built).mtimeMs : 0;
  if (!sources.some((folder) => hasNewer(folder, builtAt))) return;
  say("building the page (vite build)…");
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const { code, output } = await run(process.execPath, [vite, "build", "client-demo"], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production" },
  });
  if (code === 0) return;
  throw new SetupError("The page could not be built (vite build). It said:", [output.trim()]);
}

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "./project.mjs";

const programs = {
  api: "server/api.ts",
  worker: "server/worker.ts",
  admin: "server/admin.ts",
  "import-thread": "server/jobs/import-thread/thread.ts",
};

/**
 * Makes JavaScript of the server's programs, each one file beside its source map in `build/`; packages stay where
 * they are. It takes a fifth of a second, so that whoever starts a program builds first.
 */
export function buildServer(folder = root) {
  // Processes that a test starts: the run they belong to has built it, once for all of them.
  if (process.env.NODE_ENV === "test" && folder === root) return;
  // Not above: whoever reads this file may yet have to install it.
  const { buildSync } = createRequire(import.meta.url)("esbuild");
  const { outputFiles } = buildSync({
    absWorkingDir: folder,
    entryPoints: programs,
    outdir: "build",
    write: false,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20.19",
    sourcemap: true,
    sourcesContent: false,
    logLevel: "error",
  });
  mkdirSync(join(folder, "build"), { recursive: true });
  for (const { path, contents } of outputFiles) {
    if (existsSync(path) && readFileSync(path).equals(contents)) continue;
    // At one go: a process may start from there meanwhile.
    const next = `${path}.${process.pid}`;
    writeFileSync(next, contents);
    renameSync(next, path);
  }
}

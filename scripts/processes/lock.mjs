import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SetupError } from "../setup/say.mjs";
import { guardPid } from "./guard.mjs";
import { identify, isAlive } from "./identity.mjs";

const GUARD_MS = 6_000;

/**
 * @typedef {import("./identity.mjs").Identity} Identity
 * @typedef {{ owner: Identity, guard: Identity, children: Identity[], url: string }} Content
 */

/** @param {string} path @returns {Content | null} null where nobody holds it or it can't be read */
function read(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

/** @param {string} path @param {Content} content @returns {boolean} false when it is taken */
function create(path, content) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(content));
  try {
    // A link appears with its content in it: nobody ever reads an empty lock.
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

/** Waits for a dead owner's guard, then ends what even that left. @param {Content} left */
async function cleanUp({ guard, children }) {
  const deadline = Date.now() + GUARD_MS;
  while (isAlive(guard) && Date.now() < deadline) await sleep(50);
  const leftOver = children.filter(isAlive);
  for (const { pid } of leftOver) process.kill(pid, "SIGKILL");
  while (leftOver.some(isAlive)) await sleep(50);
}

/**
 * Makes this process the only one that works in a folder, cleaning up after an owner that was killed.
 * @param {string} folder
 * @param {{ name: string, url: string }} who what the message to a second one says
 */
export async function takeLock(folder, { name, url }) {
  const path = join(folder, "lock.json");
  mkdirSync(folder, { recursive: true });
  /** @type {Content} */
  const content = {
    owner: identify(process.pid),
    guard: identify(guardPid() ?? 0),
    children: [],
    url,
  };
  while (!create(path, content)) {
    const held = read(path);
    if (held && isAlive(held.owner)) {
      throw new SetupError(
        `${name} is already running in this folder: ${held.url} (process ${held.owner.pid}).`,
      );
    }
    if (held) await cleanUp(held);
    rmSync(path, { force: true });
  }
  return {
    /** Notes a process that has to be gone before the next owner starts. @param {number} pid */
    note(pid) {
      content.children = [...content.children.filter(isAlive), identify(pid)];
      writeFileSync(path, JSON.stringify(content));
    },
    release: () => rmSync(path, { force: true }),
  };
}

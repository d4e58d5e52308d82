import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { identify, isAlive } from "../../scripts/processes/identity.mjs";
import { takeLock } from "../../scripts/processes/lock.mjs";
import { makeFolder } from "./support/folder.ts";

const lockModule = fileURLToPath(new URL("../../scripts/processes/lock.mjs", import.meta.url));
const who = { name: "npm run dev", url: "http://127.0.0.1:3000" };

// Another process that takes the lock, notes one child with no guard over it, and stays.
const HOLDER = `
  import { spawn } from "node:child_process";
  import { takeLock } from ${JSON.stringify(lockModule)};
  const lock = await takeLock(process.argv[1], ${JSON.stringify(who)});
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  lock.note(child.pid);
  process.send(child.pid);
  setInterval(() => {}, 1000);
`;

async function startHolder(folder: string) {
  const args = ["--input-type=module", "-e", HOLDER, folder];
  const holder = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const [childPid] = await once(holder, "message");
  const kill = async () => {
    const exit = once(holder, "exit");
    holder.kill("SIGKILL");
    await exit;
  };
  return { pid: holder.pid, childPid: Number(childPid), kill };
}

describe("the lock of a data folder", () => {
  it("tells a second one where the first one runs", async () => {
    using folder = makeFolder();
    const holder = await startHolder(folder.path);

    const second = takeLock(folder.path, who);

    await expect(second).rejects.toThrow(
      `npm run dev is already running in this folder: ${who.url} (process ${holder.pid}).`,
    );
    await holder.kill();
    process.kill(holder.childPid, "SIGKILL");
  });

  it("goes to the next one after its owner was killed, once the owner's processes are gone", async () => {
    using folder = makeFolder();
    const holder = await startHolder(folder.path);
    await holder.kill();
    expect(isAlive(identify(holder.childPid))).toBe(true);

    const lock = await takeLock(folder.path, who);

    expect(isAlive(identify(holder.childPid))).toBe(false);
    lock.release();
  });

  it("can be taken again after it was released", async () => {
    using folder = makeFolder();
    const first = await takeLock(folder.path, who);
    first.release();

    const second = await takeLock(folder.path, who);

    second.release();
  });
});

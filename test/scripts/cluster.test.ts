import { describe, expect, it } from "@jest/globals";
import { choosePort } from "../../scripts/processes/ports.mjs";
import { makeFolder } from "./support/folder.ts";
import { running, untilGone } from "./support/processes.ts";
import { startScript } from "./support/script.ts";

const { MONGODB_URI = "" } = process.env;

/** The servers of the test run, with a database and a prefix of this test's own. */
function ownNames() {
  const name = `cluster-${process.pid}-${Date.now()}`;
  const uri = new URL(MONGODB_URI);
  uri.pathname = name;
  return { MONGODB_URI: uri.href, REDIS_PREFIX: name, LOG_LEVEL: "warn" };
}

describe("npm run cluster", () => {
  it("tells of every process once, in JSON lines, then that all are ready", async () => {
    using folder = makeFolder();
    const args = ["--api", "2", "--workers", "1", "--port", "0", "--data", folder.path];

    await using cluster = startScript("cluster", args, ownNames());
    await cluster.ready();

    const named = cluster.lines.slice(0, -1).map(({ role, index }) => `${role} ${index}`);
    const addressOf = (index: number) =>
      cluster.lines.find((line) => line.role === "api" && line.index === index)?.url;
    expect(named.sort()).toEqual(["api 0", "api 1", "worker 0"]);
    expect(cluster.lines.at(-1)).toEqual({ ready: true });
    expect(cluster.lines.find(({ role }) => role === "worker")?.url).toBeNull();
    expect(running(cluster.lines)).toHaveLength(3);
    expect(Number(new URL(addressOf(1) ?? "").port)).toBe(
      Number(new URL(addressOf(0) ?? "").port) + 1,
    );
    expect((await fetch(`${addressOf(1)}/healthz`)).status).toBe(200);
  });

  it("starts a killed process again at its old address and tells of it", async () => {
    using folder = makeFolder();
    const args = ["--api", "1", "--workers", "1", "--port", "0", "--data", folder.path];
    await using cluster = startScript("cluster", args, ownNames());
    await cluster.ready();
    const killed = cluster.lines.filter(({ pid }) => pid !== undefined);

    for (const { pid } of killed) process.kill(pid ?? 0, "SIGKILL");
    const again = await Promise.all(
      killed.map((before) =>
        cluster.line(({ role, pid }) => role === before.role && pid !== before.pid),
      ),
    );

    expect(again.map(({ url }) => url)).toEqual(killed.map(({ url }) => url));
    expect(running(again)).toHaveLength(2);
  });

  it("opens a front that goes on with the nodes that live", async () => {
    using folder = makeFolder();
    const front = await choosePort();
    const sizes = ["--api", "2", "--workers", "0", "--port", "0"];
    const args = [...sizes, "--front", `${front}`, "--data", folder.path];
    await using cluster = startScript("cluster", args, ownNames());
    await cluster.ready();
    const door = cluster.lines.find(({ role }) => role === "front")?.url ?? "";
    const ask = async () =>
      (await fetch(`${door}/healthz`, { headers: { Connection: "close" } })).headers.get(
        "X-Node-Id",
      );

    const before = new Set(await Promise.all([1, 2, 3, 4].map(ask)));
    const victim = cluster.lines.find(({ role, index }) => role === "api" && index === 0);
    process.kill(victim?.pid ?? 0, "SIGKILL");
    await untilGone(victim ? [victim] : []);
    const meanwhile = new Set(await Promise.all([1, 2, 3, 4].map(ask)));
    await cluster.line(
      ({ role, index, pid }) => role === "api" && index === 0 && pid !== victim?.pid,
    );
    const after = new Set(await Promise.all([1, 2, 3, 4].map(ask)));

    expect(door).toBe(`http://127.0.0.1:${front}`);
    expect(before).toEqual(new Set(["api-0", "api-1"]));
    expect(meanwhile).toEqual(new Set(["api-1"]));
    expect(after).toEqual(before);
  });

  it("leaves nothing behind when it is interrupted", async () => {
    using folder = makeFolder();
    const args = ["--api", "1", "--workers", "1", "--port", "0", "--data", folder.path];
    await using cluster = startScript("cluster", args, ownNames());
    await cluster.ready();

    const code = await cluster.end("SIGINT");

    expect(code).toBe(0);
    expect(running(cluster.lines)).toEqual([]);
  });

  it("leaves nothing behind when it is killed", async () => {
    using folder = makeFolder();
    const args = ["--api", "1", "--workers", "1", "--port", "0", "--data", folder.path];
    await using cluster = startScript("cluster", args, ownNames());
    await cluster.ready();

    await cluster.end("SIGKILL");

    await untilGone(cluster.lines);
    expect(running(cluster.lines)).toEqual([]);
  });

  it("says what is wrong with its arguments, on standard error only", async () => {
    await using cluster = startScript("cluster", ["--workers", "many"], {});

    const code = await cluster.exitCode();

    expect(code).toBe(1);
    expect(cluster.lines).toEqual([]);
    expect(cluster.errors()).toContain(
      '--workers has to be a whole number from 0 to 64, not "many"',
    );
  });

  it("keeps its front off the nodes' own ports", async () => {
    const args = ["--api", "3", "--port", "4000", "--front", "4002"];
    await using cluster = startScript("cluster", args, {});

    const code = await cluster.exitCode();

    expect(code).toBe(1);
    expect(cluster.errors()).toContain("--front 4002 is an API node's port");
  });
});

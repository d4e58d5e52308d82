import { beforeAll, describe, expect, it } from "@jest/globals";
import { run } from "../../scripts/processes/run.mjs";
import { createCommands } from "../../server/admin/commands.ts";
import { formatOutput } from "../../server/admin/table.ts";
import { createSessionModel } from "../../server/auth/session.model.ts";
import { createUserModel } from "../../server/auth/user.model.ts";
import { createJobModel } from "../../server/jobs/job.model.ts";
import type { TestClient } from "../support/client.ts";
import { keepLog } from "../support/logs.ts";
import { expectProblem } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";

const cluster = shareCluster({ api: 2, workers: 0 });

let ann: TestClient;
let commands: ReturnType<typeof createCommands>;
beforeAll(async () => {
  ann = await cluster().signUp();
  const { mongo, redis, settings } = cluster();
  commands = createCommands({
    users: createUserModel(mongo),
    sessions: createSessionModel(mongo),
    jobs: createJobModel(mongo),
    redis,
    prefix: settings.REDIS_PREFIX,
  });
});

async function admin(...args: string[]) {
  const ended = await run(process.execPath, ["scripts/admin.mjs", ...args], {
    env: { ...process.env, ...cluster().settings, NODE_OPTIONS: "" },
  });
  keepLog("admin")(ended.output);
  return ended;
}

describe("npm run admin", () => {
  it("lists users and jobs, as a table or as JSON", async () => {
    const { body } = await ann.upload("a\n1\n", { name: "tea\u001b[2J.csv" });

    const [users, jobs] = await Promise.all([commands.users(), commands.jobs()]);
    const job = formatOutput(await commands.job(body.job.id));

    expect(users).toEqual([
      expect.objectContaining({ id: ann.user.id, email: ann.email, sessions: 1, roles: ["user"] }),
    ]);
    expect(formatOutput(users)).toMatch(/^id +email +name +roles +sessions +createdAt\n/);
    expect(jobs).toEqual([expect.objectContaining({ id: body.job.id, owner: ann.email })]);
    expect(formatOutput(jobs)).not.toContain("\u001b");
    expect(job).toMatch(/^state +queued$/m);
    await expect(commands.job("nothing")).rejects.toThrow("there is no job nothing");
  });

  it("grants and revokes the role of an administrator, which counts at once", async () => {
    const roles = async () => ((await ann.call("/api/v1/me")).body as { roles: string[] }).roles;

    await commands.grant(ann.email.toUpperCase());
    const then = await roles();
    await commands.revoke(ann.email);

    expect([then, await roles()]).toEqual([["user", "admin"], ["user"]]);
    await expect(commands.grant("nobody@example.com")).rejects.toThrow("nobody has the email");
  });

  it("signs somebody out everywhere, sockets included, and says so in the audit trail", async () => {
    const bob = await cluster().signUp();
    const sockets = [0, 1].map((node) => bob.socket(cluster().url(node)));
    await Promise.all(sockets.map((one) => new Promise((resolve) => one.once("hello", resolve))));
    const ended = sockets.map(
      (one) => new Promise((resolve) => one.once("session:ended", resolve)),
    );

    const { code, stdout, output } = await admin("end-sessions", bob.email, "--json");

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ email: bob.email, ended: 1, nodesTold: true });
    expect(output).toMatch(/"audit":true,"act":"end-sessions","outcome":"ok"/);
    expect(await Promise.all(ended)).toEqual([0, 1].map(() => ({ code: "session_revoked" })));
    expectProblem(await bob.call("/api/v1/me"), "session_revoked");
    expect((await ann.call("/api/v1/me")).status).toBe(200);
  });

  it("says how it is called", async () => {
    const { code, output } = await admin("grant");

    expect(code).toBe(2);
    expect(output).toMatch(/grant EMAIL/);
  });
});

import { beforeAll, describe, expect, it } from "@jest/globals";
import { run } from "../../scripts/processes/run.mjs";
import type { TestClient } from "../support/client.ts";
import { expectProblem } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";

const cluster = shareCluster({ api: 2, workers: 0 });

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

const admin = (...args: string[]) =>
  run("npm", ["run", "--silent", "admin", "--", ...args], {
    env: { ...process.env, ...cluster().settings, NODE_OPTIONS: "" },
  });

describe("npm run admin", () => {
  it("lists users and jobs, as a table or as JSON", async () => {
    const { body } = await ann.upload("a\n1\n", { name: "tea.csv" });

    const [users, table, jobs, job] = await Promise.all([
      admin("users", "--json"),
      admin("users"),
      admin("jobs", "--json"),
      admin("job", body.job.id),
    ]);

    expect(JSON.parse(users.stdout)).toEqual([
      expect.objectContaining({ id: ann.user.id, email: ann.email, sessions: 1, roles: ["user"] }),
    ]);
    expect(table.stdout).toMatch(/^id +email +name +roles +sessions +createdAt\n/);
    expect(table.stdout).toContain(ann.email);
    expect(JSON.parse(jobs.stdout)).toEqual([
      expect.objectContaining({ id: body.job.id, owner: ann.email, dataset: "tea.csv" }),
    ]);
    expect(job.stdout).toMatch(/^state +queued$/m);
  });

  it("grants and revokes the role of an administrator", async () => {
    const roles = async () => ((await ann.call("/api/v1/me")).body as { roles: string[] }).roles;

    const granted = await admin("grant", ann.email.toUpperCase());
    const then = await roles();
    const revoked = await admin("revoke", ann.email);

    expect([granted.code, revoked.code]).toEqual([0, 0]);
    expect([then, await roles()]).toEqual([["user", "admin"], ["user"]]);
    expect(granted.output).toMatch(/"audit":true,"act":"grant","outcome":"ok"/);
  });

  it("signs somebody out everywhere, sockets included", async () => {
    const bob = await cluster().signUp();
    const sockets = [0, 1].map((node) => bob.socket(cluster().url(node)));
    await Promise.all(sockets.map((one) => new Promise((resolve) => one.once("hello", resolve))));
    const ended = sockets.map(
      (one) => new Promise((resolve) => one.once("session:ended", resolve)),
    );

    const { stdout } = await admin("end-sessions", bob.email, "--json");

    expect(JSON.parse(stdout)).toMatchObject({ email: bob.email, ended: 1, nodesTold: true });
    expect(await Promise.all(ended)).toEqual([0, 1].map(() => ({ code: "session_revoked" })));
    expectProblem(await bob.call("/api/v1/me"), "session_revoked");
    expect((await ann.call("/api/v1/me")).status).toBe(200);
  });

  it.each([
    [["grant", "nobody@example.com"], 1, /nobody has the email/],
    [["job", "nothing"], 1, /there is no job/],
    [["grant"], 2, /npm run admin/],
    [["users", "--all"], 2, /npm run admin/],
    [[], 2, /npm run admin/],
  ])("says what is wrong with %j", async (args, code, words) => {
    const answer = await admin(...args);

    expect(answer.code).toBe(code);
    expect(answer.output).toMatch(words);
  });
});

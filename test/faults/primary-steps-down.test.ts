import { describe, expect, it } from "@jest/globals";
import mongoose from "mongoose";
import type { Submitted } from "../../protocol/jobs.ts";
import { expectProblem } from "../flows/support/problem.ts";
import { makeFolder } from "../scripts/support/folder.ts";
import { startScript } from "../scripts/support/script.ts";
import { type Answer, goodPassword, type TestClient } from "../support/client.ts";
import { startCluster } from "../support/cluster.ts";

/** MongoDB of the test's own, which may step down. */
async function startOwnMongo(folder: string) {
  const args = ["--api", "0", "--workers", "0", "--port", "0", "--data", folder];
  const script = startScript("cluster", args, { MONGODB_URI: "", REDIS_URL: "" });
  const { url } = await script.line(({ role, url }) => role === "mongo" && Boolean(url));
  const mongo = await mongoose.createConnection(url ?? "").asPromise();
  return {
    uri: url ?? "",
    stepDown: (seconds: number) =>
      mongo.db?.admin().command({ replSetStepDown: seconds, force: true }),
    count: (name: string) => mongo.collection(name).countDocuments(),
    async [Symbol.asyncDispose]() {
      await mongo.close();
      await script[Symbol.asyncDispose]();
    },
  };
}

/** Reads and writes of all sorts, at once. */
const askEverything = (ann: TestClient): Promise<Answer>[] => [
  ann.call("/api/v1/datasets"),
  ann.call("/api/v1/jobs"),
  ann.call("/api/v1/me"),
  ann.call("/api/v1/auth/login", {
    method: "POST",
    json: { email: ann.email, password: goodPassword },
  }),
];

describe("while MongoDB has no primary", () => {
  it("each call has its right answer or is unavailable, and no submission is lost", async () => {
    using folder = makeFolder();
    await using mongo = await startOwnMongo(folder.path);
    await using cluster = await startCluster({ workers: 0, env: { MONGODB_URI: mongo.uri } });
    const ann = await cluster.signUp();
    const answers: Answer[] = [];
    const submissions: Answer<Submitted>[] = [];

    const steppedDown = mongo.stepDown(5);
    let isOver = false;
    while (!isOver) {
      const uploads = Promise.all([ann.upload("a\n1\n"), ann.upload("a\n2\n")]);
      const given = await Promise.all(askEverything(ann));
      submissions.push(...(await uploads));
      answers.push(...given);
      const all = [...given, ...submissions.slice(-2)];
      const wasAway = answers.some(({ status }) => status === 503);
      isOver = wasAway && all.every(({ status }) => status < 300);
    }
    await steppedDown;

    const refused = [...answers, ...submissions].filter(({ status }) => status >= 300);
    for (const answer of refused) expectProblem(answer, "unavailable");
    const accepted = submissions.filter(({ status }) => status === 202);
    expect(await mongo.count("datasets")).toBeGreaterThanOrEqual(accepted.length);
  });
});

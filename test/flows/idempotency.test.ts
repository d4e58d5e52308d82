import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Submitted } from "../../protocol/jobs.ts";
import type { Answer, TestClient } from "../support/client.ts";
import { makeCsv } from "./support/csv.ts";
import { expectProblem, pathsOf, withoutId } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { countStored } from "./support/stored.ts";

const cluster = shareCluster({ api: 2, workers: 0, env: { LIMIT_JOBS: "3" } });
const text = makeCsv(2000, 100);

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

type Options = { key: string; name?: string; query?: string; type?: string; node?: number };
const upload = (who: TestClient, body: string, { key, node = 0, ...rest }: Options) =>
  who.upload(body, { ...rest, at: cluster().url(node), headers: { "Idempotency-Key": key } });
const newKey = () => `"${crypto.randomUUID()}"`;

const sameAs = (first: Answer<Submitted>) => ({
  status: first.status,
  body: first.body,
  location: first.headers.get("Location"),
});

describe("an Idempotency-Key", () => {
  it("makes one import of fifty equal calls over two nodes, and all answer alike", async () => {
    const before = await countStored(cluster());
    const key = newKey();

    const calls = Array.from({ length: 50 }, (_, i) => upload(ann, text, { key, node: i % 2 }));
    const answers = (await Promise.all(calls)).map(sameAs);
    const later = sameAs(await upload(ann, text, { key, node: 1 }));

    expect(answers[0]?.status).toBe(202);
    for (const answer of [...answers, later]) expect(answer).toEqual(answers[0]);
    const after = await countStored(cluster());
    for (const name of ["files.files", "files.chunks", "datasets", "jobs", "idempotency_keys"]) {
      expect([name, after[name]]).toEqual([name, (before[name] ?? 0) + 1]);
    }
    expect(after.uploads).toBe(0);
  });

  it.each([
    ["other bytes", `${text}1`, {}],
    ["another name", text, { name: "other.csv" }],
    ["other options", text, { query: '&options={"header":false}' }],
    ["another type", text, { type: "application/x-ndjson" }],
  ])("can't be used again for %s, and what it stood for stays", async (_what, body, other) => {
    const bob = await cluster().signUp();
    const key = newKey();
    const first = sameAs(await upload(bob, text, { key }));
    const before = await countStored(cluster());

    const second = await upload(bob, body, { key, ...other });
    const again = sameAs(await upload(bob, text, { key, node: 1 }));

    expectProblem(second, "conflict");
    expect(again).toEqual(first);
    expect(await countStored(cluster())).toEqual(before);
  });

  it("is one user's own", async () => {
    const [bob, cleo] = [await cluster().signUp(), await cluster().signUp()];
    const key = newKey();

    const hers = await upload(bob, text, { key });
    const theirs = await upload(cleo, `${text}2`, { key });

    expect([hers.status, theirs.status]).toEqual([202, 202]);
    expect(theirs.body.job.id).not.toBe(hers.body.job.id);
  });

  it("is free again after a call that failed", async () => {
    const bob = await cluster().signUp();
    const key = newKey();

    const failed = await upload(bob, "PK\x03\x04", { key });
    const good = await upload(bob, text, { key });

    expectProblem(failed, "unsupported_media_type");
    expect(good.status).toBe(202);
  });

  it("makes no difference between options left out and options that say nothing", async () => {
    const bob = await cluster().signUp();
    const key = newKey();

    const first = await upload(bob, text, { key });
    const second = await upload(bob, text, { key, query: "&options={}" });

    expect(withoutId(second.body)).toEqual(withoutId(first.body));
  });

  it.each(["~!", "x".repeat(255)])("may be %s", async (key) => {
    const bob = await cluster().signUp();

    expect((await upload(bob, text, { key })).status).toBe(202);
  });

  it.each([
    ["empty", ""],
    ["too long", "x".repeat(256)],
    ["of two words", "a b"],
    ["not ASCII", "\xe9"],
  ])("may not be %s", async (_what, key) => {
    const problem = expectProblem(await upload(ann, text, { key }), "validation_failed");

    expect(pathsOf(problem)).toEqual(["Idempotency-Key"]);
  });
});

describe("the limit of unfinished jobs", () => {
  it("holds for new imports, not for a call that is repeated", async () => {
    const bob = await cluster().signUp();
    const key = newKey();
    const first = await upload(bob, text, { key });
    const others = [await bob.upload("id\n1\n"), await bob.upload("id\n2\n")];

    const over = await bob.upload("id\n3\n");
    const again = await upload(bob, text, { key });
    const anns = await ann.upload("id\n4\n");

    expect(others.map(({ status }) => status)).toEqual([202, 202]);
    expectProblem(over, "rate_limited");
    expect(sameAs(again)).toEqual(sameAs(first));
    expect(anns.status).toBe(202);
  });

  it("holds for uploads and retries at the same moment, too", async () => {
    const bob = await cluster().signUp();
    const files = Array.from({ length: 10 }, (_, i) => bob.upload(`id\n${i}\n`));

    const answers = await Promise.all(files);

    const taken = answers.filter(({ status }) => status === 202);
    expect(taken).toHaveLength(3);
    for (const answer of answers.filter(({ status }) => status !== 202)) {
      expectProblem(answer, "rate_limited");
    }
    const path = `/api/v1/jobs/${taken[0]?.body.job.id}`;
    await bob.call(`${path}/cancel`, { method: "POST" });
    await bob.upload("id\n10\n");
    expectProblem(await bob.call(`${path}/retry`, { method: "POST" }), "rate_limited");
    const { mongo } = cluster();
    expect(await mongo.collection("uploads").countDocuments({ userId: bob.user.id })).toBe(0);
  });

  it("counts a job no more once it was cancelled", async () => {
    const bob = await cluster().signUp();
    const first = await bob.upload("id\n1\n");
    await Promise.all([bob.upload("id\n2\n"), bob.upload("id\n3\n")]);

    await bob.call(`/api/v1/jobs/${first.body.job.id}/cancel`, { method: "POST" });

    expect((await bob.upload("id\n4\n")).status).toBe(202);
  });
});

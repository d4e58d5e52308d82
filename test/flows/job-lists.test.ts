import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Job } from "../../protocol/jobs.ts";
import type { Page } from "../../protocol/pages.ts";
import type { Answer, TestClient } from "../support/client.ts";
import { expectProblem } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { randomId } from "./support/tokens.ts";

/** Nobody works here: every job waits. */
const cluster = shareCluster({ api: 2, workers: 0, env: { LIMIT_JOBS: "1000" } });

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

const act = (
  id: string,
  verb: "cancel" | "retry",
  json?: unknown,
  who = ann,
): Promise<Answer<Job>> =>
  who.call<Job>(`/api/v1/jobs/${id}/${verb}`, {
    method: "POST",
    ...(json !== undefined && { json }),
  });
const list = async (query: string, who = ann) =>
  (await who.call<Page<Job>>(`/api/v1/jobs?${query}`)).body.items;
const submit = async (who = ann) => (await who.upload("id\n1\n")).body;

describe("the list of jobs", () => {
  it("can be narrowed by state and kind", async () => {
    const bob = await cluster().signUp();
    const [first, second, third] = [await submit(bob), await submit(bob), await submit(bob)];
    await act(second.job.id, "cancel", {}, bob);
    const path = `/api/v1/datasets/${third.dataset.id}`;
    const { body } = await bob.call<{ job: Job }>(path, { method: "DELETE" });

    const idsOf = async (query: string) => (await list(query, bob)).map(({ id }) => id);

    const [a, b, c, purge] = [first.job.id, second.job.id, third.job.id, body.job.id];
    expect(await idsOf("")).toEqual([purge, c, b, a]);
    expect(await idsOf("state=queued")).toEqual([purge, a]);
    expect(await idsOf("state=cancelled")).toEqual([c, b]);
    expect(await idsOf("kind=purge")).toEqual([purge]);
    expect(await idsOf("state=queued&kind=import")).toEqual([a]);
    expect(await idsOf("state=running")).toEqual([]);
  });

  it("counts what it shows", async () => {
    const bob = await cluster().signUp();
    const [one] = [await submit(bob), await submit(bob)];
    await act(one.job.id, "cancel", {}, bob);

    const { body } = await bob.call<Page<Job>>("/api/v1/jobs?state=cancelled");

    expect(body).toMatchObject({ next: null, previous: null, total: { count: 1, exact: true } });
  });

  it.each(["state=asleep", "kind=export&kind=import", "state=", "userId=x", "state[$ne]=queued"])(
    "is refused for %s",
    async (query) => {
      expectProblem(await ann.call(`/api/v1/jobs?${query}`), "validation_failed");
    },
  );
});

describe("a job's id", () => {
  it("can't be guessed from another", async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, async () => (await submit()).job.id));

    expect(new Set(ids.map((id) => id.slice(0, 6))).size).toBe(5);
    for (const id of ids) expect(Buffer.from(id, "base64url")).toHaveLength(16);
    expectProblem(await act(randomId(), "cancel"), "not_found");
  });
});

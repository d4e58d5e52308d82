import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Job } from "../../protocol/jobs.ts";
import type { Page } from "../../protocol/pages.ts";
import type { TestClient } from "../support/client.ts";
import { expectProblem } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { watch } from "./support/watch.ts";

/** Nobody works here: every job waits. */
const cluster = shareCluster({ api: 2, workers: 0 });

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

const post = (id: string, verb: "cancel" | "retry", json?: object, who = ann, node = 0) =>
  who.call<Job>(
    `/api/v1/jobs/${id}/${verb}`,
    { method: "POST", ...(json && { json }) },
    cluster().url(node),
  );
const submit = async () => (await ann.upload("id\n1\n")).body;

describe("cancelling a waiting import with `discard`", () => {
  it("ends it at once, deletes its dataset and purges it once, however many ask", async () => {
    const { job, dataset } = await submit();
    const channel = await watch(ann, `dataset:${dataset.id}`);

    const asked = Array.from({ length: 8 }, (_, i) =>
      post(job.id, "cancel", { rows: "discard" }, ann, i % 2),
    );
    const answers = await Promise.all(asked);
    const retried = await post(job.id, "retry");
    await channel.until(({ type }) => type === "dataset.deleted");
    const { items } = (await ann.call<Page<Job>>("/api/v1/jobs?kind=purge")).body;

    for (const { status, body } of answers) {
      expect([status, body.state]).toEqual([202, "cancelled"]);
    }
    expectProblem(await ann.call(`/api/v1/datasets/${dataset.id}`), "not_found");
    expectProblem(retried, "conflict");
    expect(items.filter((purge) => purge.dataset.id === dataset.id)).toHaveLength(1);
  });

  it("works over the socket too", async () => {
    const { job, dataset } = await submit();
    const request = { jobId: job.id, rows: "discard" } as const;

    const answer = await ann.request(ann.socket(), "jobs:cancel", request);

    expect(answer).toMatchObject({ id: job.id, state: "cancelled" });
    expectProblem(await ann.call(`/api/v1/datasets/${dataset.id}`), "not_found");
  });

  it("is a conflict after a cancel that kept the rows", async () => {
    const { job, dataset } = await submit();
    await post(job.id, "cancel");

    const late = await post(job.id, "cancel", { rows: "discard" });

    expectProblem(late, "conflict");
    expect((await ann.dataset(dataset.id)).status).toBe("partial");
  });

  it("is nothing that anybody else can do", async () => {
    const { job, dataset } = await submit();
    const bob = await cluster().signUp();

    expectProblem(await post(job.id, "cancel", { rows: "discard" }, bob), "not_found");
    expect((await ann.dataset(dataset.id)).status).toBe("importing");
  });
});

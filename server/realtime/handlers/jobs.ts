import type { z } from "zod";
import type { Job, jobsQuery, RowsAfterCancel } from "../../../protocol/jobs.ts";
import type { Page } from "../../../protocol/pages.ts";
import type { Principal } from "../../auth/principal.ts";
import { type Edge, handle } from "../edge.ts";

export type JobRequests = {
  list(principal: Principal, query: z.output<typeof jobsQuery>): Promise<Page<Job>>;
  get(principal: Principal, jobId: string): Promise<Job>;
  cancel(principal: Principal, jobId: string, rows?: RowsAfterCancel): Promise<Job>;
  retry(principal: Principal, jobId: string): Promise<Job>;
};

export function handleJobs(edge: Edge, jobs: JobRequests): void {
  const { principal } = edge;
  handle(edge, "jobs:list", (query) => jobs.list(principal, query));
  handle(edge, "jobs:get", ({ jobId }) => jobs.get(principal, jobId));
  handle(edge, "jobs:cancel", ({ jobId, rows }) => jobs.cancel(principal, jobId, rows));
  handle(edge, "jobs:retry", ({ jobId }) => jobs.retry(principal, jobId));
}

import type { z } from "zod";
import type { exportRequest } from "../../../protocol/exports.ts";
import type { Job } from "../../../protocol/jobs.ts";
import type { Principal } from "../../auth/principal.ts";
import { type Edge, handle } from "../edge.ts";

export type ExportRequests = {
  create(principal: Principal, request: z.output<typeof exportRequest>): Promise<{ job: Job }>;
};

export function handleExports(edge: Edge, exports: ExportRequests): void {
  handle(edge, "exports:create", (request) => exports.create(edge.principal, request));
}

import type { z } from "zod";
import type {
  DataRecord,
  Dataset,
  datasetsQuery,
  Reject,
  recordsRequest,
  rejectsRequest,
} from "../../../protocol/datasets.ts";
import type { Page } from "../../../protocol/pages.ts";
import type { Profile } from "../../../protocol/profiles.ts";
import type { Principal } from "../../auth/principal.ts";
import type { Encoded } from "../../infrastructure/encoded.ts";
import { type Edge, handle } from "../edge.ts";

export type DatasetRequests = {
  list(principal: Principal, query: z.output<typeof datasetsQuery>): Promise<Page<Dataset>>;
  get(principal: Principal, datasetId: string): Promise<Dataset>;
  records(
    principal: Principal,
    request: z.output<typeof recordsRequest>,
  ): Promise<Encoded<Page<DataRecord>>>;
  rejects(
    principal: Principal,
    request: z.output<typeof rejectsRequest>,
  ): Promise<Encoded<Page<Reject>>>;
  profile(principal: Principal, datasetId: string): Promise<Profile>;
};

export function handleDatasets(edge: Edge, datasets: DatasetRequests): void {
  const { principal } = edge;
  handle(edge, "datasets:list", (query) => datasets.list(principal, query));
  handle(edge, "datasets:get", ({ datasetId }) => datasets.get(principal, datasetId));
  handle(edge, "records:list", (request) => datasets.records(principal, request));
  handle(edge, "rejects:list", (request) => datasets.rejects(principal, request));
  handle(edge, "profiles:get", ({ datasetId }) => datasets.profile(principal, datasetId));
}

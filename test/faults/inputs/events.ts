import fc, { type Arbitrary } from "fast-check";
import { type SocketRequest, socketRequests } from "../../../protocol/socket.ts";
import { nearly } from "./payloads.ts";
import {
  cursor,
  datasetId,
  filter,
  jobId,
  limit,
  orderedFrom,
  recordQuery,
  sort,
} from "./queries.ts";
import { wildJson } from "./texts.ts";

const optional = <T>(shape: { [K in keyof T]: Arbitrary<T[K]> }, ...requiredKeys: (keyof T)[]) =>
  fc.record(shape, { requiredKeys }) as Arbitrary<unknown>;

const ofDataset = fc.record({ datasetId });
const ofJob = fc.record({ jobId });
const format = fc.constantFrom("csv", "ndjson");
const channel = fc.oneof(
  fc.constantFrom("jobs", "job:", "dataset:", "job:@dataset:0", "x:@job:0"),
  jobId.map((id) => `job:${id}`),
  datasetId.map((id) => `dataset:${id}`),
);
const after = fc.record({
  epoch: fc.constantFrom("e", "0", "@epoch:0", "x".repeat(64)),
  seq: fc.oneof(fc.nat(20), fc.constantFrom(2 ** 53 - 1, 2 ** 53, -1, 0.5)),
});

/** What a client would send, name by name. */
const valid: { [E in SocketRequest]: Arbitrary<unknown> } = {
  "session:renew": fc.record({ token: fc.constantFrom("@token:0", "@token:1", "a.b.c") }),
  "datasets:list": optional({ limit, cursor }),
  "datasets:get": ofDataset,
  "records:list": fc.oneof(optional({ datasetId, limit, cursor, sort, filter }, "datasetId")),
  "rejects:list": optional({ datasetId, limit, cursor }, "datasetId"),
  "profiles:get": ofDataset,
  "jobs:list": optional({
    ...{ limit, cursor },
    state: fc.constantFrom("queued", "completed", "failed"),
    kind: fc.constantFrom("import", "export", "index", "profile", "purge"),
  }),
  "jobs:get": ofJob,
  "jobs:cancel": optional({ jobId, rows: fc.constantFrom("keep", "discard") }, "jobId"),
  "jobs:retry": ofJob,
  "exports:create": optional(
    {
      ...{ datasetId: orderedFrom, format, filter, sort, gzip: fc.boolean(), raw: fc.boolean() },
      idempotencyKey: fc.string({ minLength: 1, maxLength: 3 }),
    },
    "datasetId",
    "format",
  ),
  "channel:subscribe": optional({ channel, after }, "channel"),
  "channel:unsubscribe": fc.record({ channel }),
};

/** A packet's content: the name of a request and its arguments, as JSON. */
export type Asked = { event: string; args: string[] };

const asking = (event: SocketRequest): Arbitrary<Asked> =>
  fc.record({
    event: fc.constant(event),
    args: fc.oneof(
      { weight: 18, arbitrary: nearly(valid[event]).map((one) => [one]) },
      { weight: 1, arbitrary: fc.array(wildJson, { maxLength: 3 }) },
      { weight: 1, arbitrary: wildJson.map((one) => [one]) },
    ),
  });

/** Exports are orders to work: they are asked for on their own. */
export const exportsAsked = asking("exports:create");
export const recordsAsked: Arbitrary<Asked> = nearly(recordQuery).map((one) => ({
  event: "records:list",
  args: [one],
}));

const names = (Object.keys(socketRequests) as SocketRequest[]).filter(
  (n) => n !== "exports:create",
);
export const requestsAsked = fc.oneof(...names.map(asking));

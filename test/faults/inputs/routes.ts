import fc, { type Arbitrary } from "fast-check";
import { calls, type Route } from "./calls.ts";
import { cursor, datasetId, filter, jobId, limit, sort } from "./queries.ts";
import { wildText } from "./texts.ts";

const v1 = (path: string) => fc.constant(`/api/v1/${path}`);
const under = (kind: string, id: Arbitrary<string>, rest = "") =>
  id.map((one) => `/api/v1/${kind}/${one}${rest}`);
const paging = fc.record({ limit, cursor }, { requiredKeys: [] });
const records = fc.record({ limit, cursor, sort, filter }, { requiredKeys: ["filter"] });
const format = fc.constantFrom("csv", "ndjson");
const order = fc.record({ format, filter, sort, raw: fc.boolean() }, { requiredKeys: [] });
/** What must not go by accident. */
const notThere = fc.constantFrom("@dataset:3", "@dataset:4", "@job:0", "@dataset:0x");
const name = fc.oneof(wildText, fc.constantFrom("a.csv", "b", "c"));

const routes: Route[] = [
  { method: "GET", path: v1("datasets"), query: paging },
  { method: "GET", path: under("datasets", datasetId) },
  { method: "GET", path: under("datasets", datasetId, "/records"), query: records },
  { method: "GET", path: under("datasets", datasetId, "/records"), query: records },
  { method: "GET", path: under("datasets", datasetId, "/rejects"), query: paging },
  { method: "GET", path: under("datasets", datasetId, "/rejects.csv") },
  { method: "GET", path: under("datasets", datasetId, "/rejects.ndjson") },
  { method: "GET", path: under("datasets", datasetId, "/profile") },
  { method: "DELETE", path: under("datasets", notThere) },
  { method: "POST", path: under("datasets", notThere, "/exports"), body: order },
  { method: "POST", path: under("datasets", notThere, "/repairs"), body: order },
  { method: "GET", path: v1("jobs"), query: paging },
  { method: "GET", path: under("jobs", jobId) },
  { method: "GET", path: under("jobs", jobId, "/events") },
  {
    method: "POST",
    path: under("jobs", jobId, "/cancel"),
    body: fc.record({ rows: fc.constantFrom("keep", "discard") }),
  },
  { method: "POST", path: under("jobs", jobId, "/retry") },
  { method: "GET", path: fc.constantFrom("/api/v1/files/@file:0", "/api/v1/files/@file:1") },
  {
    ...{ method: "GET", path: v1("files/@file:0") },
    query: fc.record({ expires: fc.constantFrom("1", "99999999999", "x"), signature: wildText }),
  },
  { method: "GET", path: v1("me") },
  { method: "GET", path: v1("auth/sessions") },
  { method: "DELETE", path: under("auth/sessions", notThere) },
  {
    method: "GET",
    path: fc.constantFrom("/", "/healthz", "/readyz", "/.well-known/jwks.json", "/x"),
  },
  {
    method: "GET",
    path: fc.constantFrom("/openapi.json", "/asyncapi.json", "/assets/../x", "//x"),
  },
];

/** Those that change a name: each is a transaction, so they are few. */
export const renames = calls([
  { method: "PATCH", path: under("datasets", datasetId), body: fc.record({ name }) },
]);

const email = fc.oneof(fc.constantFrom("@email:0", "@email:2", "nobody@example.com"), wildText);
const password = fc.oneof(
  fc.constantFrom("green teapots sing at dawn", "short", "x".repeat(129), "é".repeat(15)),
  wildText,
);
const refresh = fc.constantFrom("body", "cookie");

/** Those that have to do with passwords, which take time on purpose. */
export const accountCalls = calls([
  { method: "POST", path: v1("auth/login"), body: fc.record({ email, password, refresh }) },
  { method: "POST", path: v1("auth/register"), body: fc.record({ email, password, name }) },
  {
    method: "POST",
    path: v1("auth/password"),
    body: fc.record({ current: password, next: wildText }),
  },
  {
    method: "POST",
    path: v1("auth/refresh"),
    body: fc.record({ refreshToken: fc.constantFrom("@refresh:0", "x") }),
  },
  { method: "POST", path: v1("auth/logout"), body: fc.record({ x: wildText }) },
]);

export const restCalls = calls(routes);

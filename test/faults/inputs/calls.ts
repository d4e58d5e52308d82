import fc, { type Arbitrary } from "fast-check";
import { header } from "./http-headers.ts";
import { nearly } from "./payloads.ts";
import { alter, change, seldom, wildJson, wildText } from "./texts.ts";

export type Call = {
  method: string;
  /** with its query */
  path: string;
  headers: Record<string, string>;
  /** null: none */
  body: string | null;
};

export type Route = {
  method: string;
  path: Arbitrary<string>;
  query?: Arbitrary<object>;
  body?: Arbitrary<unknown>;
};

const noHeaders: [string, string][] = [];
const steps = fc.record({
  method: seldom(
    fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"),
  ),
  path: fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(change(wildText), { maxLength: 2 }) },
  ),
  query: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.array(
        change(
          fc.oneof(wildText, fc.constantFrom("&", "=", "&limit=1", "%zz", "[]", "+", "#", ";")),
        ),
        { maxLength: 2 },
      ),
    },
  ),
  headers: fc.oneof(
    { weight: 3, arbitrary: fc.constant(noHeaders) },
    { weight: 1, arbitrary: fc.array(header, { maxLength: 3 }) },
  ),
  body: fc.oneof(
    { weight: 6, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.array(change(fc.constantFrom(...'{}[],:"\\0-9e', "\0", "\ufeff", "é")), {
        maxLength: 2,
      }),
    },
  ),
});

/** A call of one of these routes, mostly with something changed in it. */
export function calls(all: Route[]): Arbitrary<Call> {
  const one = ({ method, path, query, body }: Route) =>
    fc.record({
      method: fc.constant(method),
      path,
      query: query ? query.map(toQuery) : fc.constant(""),
      body: body ? nearly(body) : seldom(wildJson),
      steps,
    });
  return fc.oneof(...all.map(one)).map(({ method, path, query, body, steps }) => ({
    ...spare(steps.method ?? method, toTarget(alter(path, steps.path) + alter(query, steps.query))),
    headers: {
      Authorization: "Bearer @token:0",
      ...(body !== null && { "Content-Type": "application/json" }),
      ...Object.fromEntries(steps.headers.map(([key, value]) => [key, toValue(value)])),
    },
    body: body === null ? null : alter(body, steps.body),
  }));
}

/** What all inputs speak of is to stay. */
const spare = (method: string, path: string) =>
  method === "DELETE" && /@dataset:[01256]/.test(path) ? { method: "GET", path } : { method, path };

const toQuery = (fields: object): string =>
  `?${Object.entries(fields)
    .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)])
    .map(
      ([key, value]) =>
        `${key}=${encodeURIComponent(String(value).toWellFormed()).replaceAll("%40", "@").replaceAll("%3A", ":")}`,
    )
    .join("&")}`;

/** What node:http lets through as a request's target, and as a header's value. */
const toTarget = (text: string) =>
  `/${text.replace(/^\//, "")}`
    .toWellFormed()
    .replace(/[^\x21-\x7e]/gu, (c) => encodeURIComponent(c));
const toValue = (text: string) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, "?");

import { beforeAll, describe, expect, it } from "@jest/globals";
import type { TestClient } from "../support/client.ts";
import { beginPart, boundary, field, filePart, makeForm, sendForm } from "./support/form.ts";
import { expectProblem, pathsOf } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { countStored } from "./support/stored.ts";

const limit = 300_000;
const env = { LIMIT_JOBS: "1000", LIMIT_UPLOAD_BYTES: String(limit), LIMIT_JSON_BYTES: "10000" };
const cluster = shareCluster({ api: 1, workers: 0, env });

let ann: TestClient;
beforeAll(async () => {
  ann = await cluster().signUp();
});

const stored = () => countStored(cluster());
const send = (body: Uint8Array<ArrayBuffer>, more: Parameters<typeof sendForm>[2] = {}) =>
  sendForm(ann, body, more);
const csv = filePart();

describe("a form that isn't one upload", () => {
  const options = (text: string) => field("options", text);
  it.each([
    ["without a file", [field("name", "x")], ["file"]],
    ["without anything", [], ["file"]],
    ["with two files", [csv, csv], ["file"]],
    ["with a name twice", [field("name", "x"), csv, field("name", "x")], ["name"]],
    ["with another field", [csv, field("owner", "x")], [""]],
    ["with a field called __proto__", [csv, field("__proto__", "x")], [""]],
    ["with options that are no JSON", [csv, options("{")], ["options"]],
    ["with options that are unknown", [csv, options('{"a":1}')], ["options"]],
    ["with options that are wrong", [options('{"header":1}'), csv], ["options.header"]],
    ["with a NUL in its name", [csv, field("name", "a\0b")], ["name"]],
  ])("is refused %s, and nothing of it stays", async (_what, parts, paths) => {
    const before = await stored();

    const answer = await send(makeForm(...parts));

    expect(pathsOf(expectProblem(answer, "validation_failed"))).toEqual(paths);
    expect(await stored()).toEqual(before);
  });

  it("is refused where the query says the same again", async () => {
    const answer = await send(makeForm(csv, field("name", "x")), { query: "?name=x" });

    expect(pathsOf(expectProblem(answer, "validation_failed"))).toEqual(["name"]);
  });

  const whole = new TextDecoder().decode(makeForm(csv, field("name", "x")));
  it.each([
    ["cut in its file", whole.slice(0, whole.indexOf("1\n"))],
    ["cut in a field", whole.slice(0, whole.lastIndexOf("x"))],
    ["cut before its end", whole.slice(0, -4)],
    ["of another boundary", whole.replaceAll(boundary, "other")],
    ["with a part that says nothing of itself", whole.replace("Content-Disposition", "X-Y")],
    ["with a part that isn't of a form", whole.replace("form-data", "attachment")],
    ["with a part without a name", whole.replace(' name="file";', "")],
    ["with a part whose header has no end", `--${boundary}\r\na: b\r\n--${boundary}--\r\n`],
    ["of nothing", ""],
  ])("is refused %s, and nothing of it stays", async (_what, text) => {
    const before = await stored();

    const answer = await send(new TextEncoder().encode(text));

    expectProblem(answer, "bad_request");
    expect(await stored()).toEqual(before);
  });

  it("is refused without a boundary", async () => {
    for (const type of ["multipart/form-data", "multipart/form-data; boundary="])
      expectProblem(await send(makeForm(csv), { type }), "bad_request");
    const mixed = await send(makeForm(csv), { type: "multipart/mixed" });
    expectProblem(mixed, "unsupported_media_type");
  });

  it.each([
    ["a file", makeForm(filePart("x".repeat(limit + 1)))],
    ["a field", makeForm(csv, field("name", "x".repeat(10_001)))],
    ["an end", new TextEncoder().encode(`${beginPart(csv)}--${boundary}--${"x".repeat(2 * 1e6)}`)],
  ])("is refused with %s over its limit, and nothing of it stays", async (_what, form) => {
    const before = await stored();

    expectProblem(await send(form), "payload_too_large");
    expect(await stored()).toEqual(before);
  });

  it("may have a file of just as many bytes as the limit", async () => {
    const { body } = await send(makeForm(filePart("x".repeat(limit))));

    expect(body.dataset.bytes).toBe(limit);
  });
});

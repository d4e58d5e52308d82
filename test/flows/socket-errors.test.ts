import { beforeAll, describe, expect, it } from "@jest/globals";
import type { SluiceSocket } from "../../client/connect.ts";
import type { ErrorCode, PublicError } from "../../protocol/errors.ts";
import { errorCodes } from "../../protocol/errors.ts";
import type { TestClient } from "../support/client.ts";
import { shareCluster } from "./support/shared-cluster.ts";
import { randomId } from "./support/tokens.ts";

const cluster = shareCluster({ api: 1, workers: 0 });

let ann: TestClient;
let bob: TestClient;
let ids: { datasetId: string; jobId: string };
let socket: SluiceSocket;

beforeAll(async () => {
  [ann, bob] = await Promise.all([cluster().signUp(), cluster().signUp()]);
  const { body } = await ann.upload("id\n1\n");
  ids = { datasetId: body.dataset.id, jobId: body.job.id };
  socket = ann.socket();
});

type Ask = (event: string, ...payload: unknown[]) => Promise<{ ok: boolean; error?: PublicError }>;

/** Sends what the types of the protocol would not let through. */
const ask: Ask = (event, ...payload) => {
  const anything = socket as unknown as { emitWithAck: Ask };
  return anything.emitWithAck(event, ...payload);
};
const { datasetId, jobId } = { datasetId: randomId(), jobId: randomId() };

const refusals: [ErrorCode, string, () => ReturnType<Ask>][] = [
  ["not_found", "an unknown event", () => ask("datasets:drop", {})],
  ["not_found", "a dataset that isn't there", () => ask("datasets:get", { datasetId })],
  ["not_found", "rows of nothing", () => ask("records:list", { datasetId })],
  ["not_found", "a job that isn't there", () => ask("jobs:cancel", { jobId })],
  [
    "not_found",
    "a channel of nothing",
    () => ask("channel:subscribe", { channel: `job:${jobId}` }),
  ],
  ["cursor_invalid", "a forged cursor", () => ask("datasets:list", { cursor: "AAAA" })],
  ["conflict", "a retry of what waits", () => ask("jobs:retry", { jobId: ids.jobId })],
  ["validation_failed", "no payload", () => ask("datasets:list")],
  ["validation_failed", "two payloads", () => ask("datasets:list", {}, {})],
  ["validation_failed", "null", () => ask("datasets:list", null)],
  ["validation_failed", "a list", () => ask("datasets:list", [])],
  ["validation_failed", "a text", () => ask("datasets:list", "x")],
  ["validation_failed", "bytes", () => ask("datasets:list", { cursor: Buffer.from("x") })],
  ["validation_failed", "no limit at all", () => ask("datasets:list", { limit: 0 })],
  ["validation_failed", "a limit as text", () => ask("datasets:list", { limit: "5" })],
  ["validation_failed", "an operator as cursor", () => ask("jobs:list", { cursor: { $gt: "" } })],
  ["validation_failed", "a query of MongoDB", () => ask("records:list", { ...ids, $where: "1" })],
  ["validation_failed", "an id that is none", () => ask("jobs:get", { jobId: "1" })],
  ["validation_failed", "a lone surrogate", () => ask("jobs:list", { cursor: "\ud800" })],
  ["validation_failed", "an unknown state", () => ask("jobs:list", { state: "asleep" })],
  ["validation_failed", "a skip", () => ask("datasets:list", { skip: 10 })],
];

describe("a refusal over the socket", () => {
  it.each(refusals)("is %s for %s", async (code, _what, asked) => {
    const reply = await asked();

    expect(reply).toEqual({
      ok: false,
      error: {
        code,
        message: expect.stringMatching(/^[^\n{}\\]{3,300}$/),
        ...(code === "validation_failed" && { errors: expect.any(Array) }),
      },
    });
    expect(Object.keys(errorCodes)).toContain(code);
  });

  it("tells nobody whether something is somebody else's or isn't there at all", async () => {
    const theirs = bob.socket();
    const pairs = [
      ["datasets:get", { datasetId: ids.datasetId }, { datasetId }],
      ["records:list", { datasetId: ids.datasetId }, { datasetId }],
      ["rejects:list", { datasetId: ids.datasetId }, { datasetId }],
      ["jobs:get", { jobId: ids.jobId }, { jobId }],
      ["jobs:cancel", { jobId: ids.jobId }, { jobId }],
      ["jobs:retry", { jobId: ids.jobId }, { jobId }],
      ["channel:subscribe", { channel: `job:${ids.jobId}` }, { channel: `job:${jobId}` }],
      [
        "channel:subscribe",
        { channel: `dataset:${ids.datasetId}` },
        { channel: `dataset:${jobId}` },
      ],
    ] as const;

    for (const [event, annas, nobodys] of pairs) {
      const tell = (error: unknown) => error;
      const hers = await bob.request(theirs, event, annas).catch(tell);
      const none = await bob.request(theirs, event, nobodys).catch(tell);

      expect(hers).toMatchObject({ code: "not_found" });
      expect(hers).toEqual(none);
    }
    expect((await ann.call(`/api/v1/jobs/${ids.jobId}`)).body).toMatchObject({ state: "queued" });
  });
});

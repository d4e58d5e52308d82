import { describe, expect, it } from "@jest/globals";
import mongoose from "mongoose";
import { toAppError } from "../server/errors.ts";

const { MongoServerError, MongoNetworkError, MongoWriteConcernError } = mongoose.mongo;

describe("what a store says about itself", () => {
  it.each([
    ["NotWritablePrimary", 10107],
    ["PrimarySteppedDown", 189],
    ["InterruptedDueToReplStateChange", 11602],
    ["InterruptedAtShutdown", 11600],
    ["ShutdownInProgress", 91],
    ["NotPrimaryNoSecondaryOk", 13435],
    ["FailedToSatisfyReadPreference", 133],
  ])("%s is unavailable, with a time to try again", (message, code) => {
    const error = toAppError(new MongoServerError({ message, code }));

    expect(error).toMatchObject({ code: "unavailable", retryAfter: 2 });
  });

  it("a write that too few members acknowledged is unavailable", () => {
    const writeConcernError = { code: 64, errmsg: "waiting for replication timed out" };

    expect(toAppError(new MongoWriteConcernError({ ok: 1, writeConcernError })).code).toBe(
      "unavailable",
    );
  });

  it("a lost connection and what the driver may retry are unavailable", () => {
    const labelled = new MongoServerError({ message: "of a later version", code: 99_999 });
    labelled.addErrorLabel("TransientTransactionError");

    expect(toAppError(new MongoNetworkError("gone")).code).toBe("unavailable");
    expect(toAppError(labelled).code).toBe("unavailable");
  });

  it("anything else is a fault of ours", () => {
    expect(toAppError(new MongoServerError({ message: "BadValue", code: 2 })).code).toBe(
      "internal",
    );
  });
});

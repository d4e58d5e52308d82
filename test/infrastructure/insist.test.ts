import { describe, expect, it } from "@jest/globals";
import mongoose from "mongoose";
import { insist } from "../../server/infrastructure/insist.ts";

const { MongoServerError, MongoNetworkError } = mongoose.mongo;
const never = new AbortController().signal;

/** Work that fails with these, one after the other, before it is done; and how often it was tried. */
function failing(errors: Error[]) {
  let tries = 0;
  const work = async () => {
    const err = errors[tries];
    tries += 1;
    if (err) throw err;
    return "done";
  };
  return { work, tries: () => tries };
}

describe("insisting", () => {
  it("does work again while the primary changes or the network is gone", async () => {
    const notPrimary = new MongoServerError({ code: 10107, errmsg: "not primary" });
    const { work } = failing([notPrimary, new MongoNetworkError("closed")]);

    expect(await insist(work, never)).toBe("done");
  });

  it("gives up at once on any other error", async () => {
    const { work, tries } = failing([new MongoServerError({ code: 2, errmsg: "bad value" })]);

    await expect(insist(work, never)).rejects.toThrow("bad value");
    expect(tries()).toBe(1);
  });

  it("gives up when it is told to stop, while it waits too", async () => {
    const stop = new AbortController();
    const { work, tries } = failing(Array(9).fill(new MongoNetworkError("closed")));
    const stopping = async () => {
      setImmediate(() => stop.abort("shutdown"));
      return work();
    };

    await expect(insist(stopping, stop.signal)).rejects.toThrow();
    await expect(insist(work, stop.signal)).rejects.toThrow("closed");
    expect(tries()).toBe(2);
  });

  it("gives up after its time", async () => {
    const { work, tries } = failing(Array(9).fill(new MongoNetworkError("closed")));

    await expect(insist(work, never, -1)).rejects.toThrow("closed");
    expect(tries()).toBe(1);
  });
});

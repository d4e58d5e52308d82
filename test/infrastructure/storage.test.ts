import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { createId } from "../../server/infrastructure/ids.ts";
import { connectMongo } from "../../server/infrastructure/mongo.ts";
import { createStorage, ObjectDamaged } from "../../server/infrastructure/storage.ts";
import { openLink } from "../flows/support/link.ts";
import { ownStores } from "../support/cluster.ts";

async function openLinkedStorage() {
  const link = await openLink(ownStores().mongoUri);
  const connection = await connectMongo(link.url, pino({ level: "silent" }));
  return {
    link,
    storage: createStorage(connection),
    async [Symbol.asyncDispose]() {
      await connection.dropDatabase();
      await connection.close();
      await link.cut();
    },
  };
}

describe("storing an object", () => {
  it("fails when MongoDB is lost after the last byte has come", async () => {
    await using linked = await openLinkedStorage();
    const { link, storage } = linked;
    async function* source() {
      yield Buffer.from("too short to be on its way before the end");
      await link.cut();
    }

    const stored = await storage.write(createId(), source()).catch((err: Error) => err.name);
    await link.mend();

    expect(stored).toBe("MongoServerSelectionError");
  });

  it("gives back what was stored", async () => {
    await using linked = await openLinkedStorage();
    const { storage } = linked;
    const id = createId();
    async function* source() {
      yield Buffer.from("one, ");
      yield Buffer.from("two");
    }

    const { bytes } = await storage.write(id, source());
    const parts: Uint8Array[] = [];
    for await (const part of storage.read(id, 5, new AbortController().signal)) parts.push(part);

    expect(bytes).toBe(8);
    expect(Buffer.concat(parts).toString()).toBe("two");
  });

  it("gives back what was stored in many chunks, in pieces of any size", async () => {
    await using linked = await openLinkedStorage();
    const { storage } = linked;
    const id = createId();
    const whole = randomBytes(3_700_000);
    async function* source() {
      const sizes = [1, 70_000, 1_048_576, 1_500_001, 3];
      for (let at = 0, turn = 0; at < whole.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        yield whole.subarray(at, at + size);
        at += size;
      }
    }

    const { bytes, sha256 } = await storage.write(id, source());
    const parts: Uint8Array[] = [];
    for await (const part of storage.read(id, 0, new AbortController().signal)) parts.push(part);

    expect(bytes).toBe(whole.length);
    expect(sha256).toBe(createHash("sha256").update(whole).digest("base64url"));
    expect(Buffer.concat(parts).equals(whole)).toBe(true);
  });
});

describe("an object that is written in several goes", () => {
  const signal = new AbortController().signal;
  const whole = randomBytes(3_700_000);
  const sha256 = createHash("sha256").update(whole).digest("hex");

  it.each([0, 5, 1_048_576, 1_500_000, 2_097_152, 3_700_000])(
    "is whole when it goes on behind %i bytes, whatever was stored beyond",
    async (kept) => {
      await using linked = await openLinkedStorage();
      const { storage } = linked;
      const id = createId();
      const first = await storage.resume(id, 0, signal);
      await first.add(whole.subarray(0, kept));
      await first.add(randomBytes(1_900_000));
      await first.end();

      const next = await storage.resume(id, kept, signal);
      await next.add(whole.subarray(kept));
      const stored = await next.end();

      const parts: Uint8Array[] = [];
      for await (const part of storage.read(id, 0, signal)) parts.push(part);
      expect(stored).toEqual({ bytes: whole.length, sha256 });
      expect(Buffer.concat(parts).equals(whole)).toBe(true);
    },
  );

  it("can't go on behind bytes that aren't there", async () => {
    await using linked = await openLinkedStorage();
    const { storage } = linked;
    const id = createId();
    const first = await storage.resume(id, 0, signal);
    await first.add(whole.subarray(0, 1_500_000));
    await first.end();

    for (const bytes of [1_500_001, 2_500_000]) {
      await expect(storage.resume(id, bytes, signal)).rejects.toBeInstanceOf(ObjectDamaged);
    }
  });
});

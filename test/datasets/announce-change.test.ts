import { randomUUID } from "node:crypto";
import { expect, it } from "@jest/globals";
import { pino } from "pino";
import type { DatasetDocument } from "../../server/datasets/dataset.model.ts";
import { announceChange, announceDeletion } from "../../server/datasets/dataset-channel.ts";
import { createPublisher } from "../../server/infrastructure/channel-publisher.ts";
import { connectForRequests } from "../../server/infrastructure/redis.ts";

const now = new Date();
const state = (version: number, name: string): DatasetDocument => ({
  _id: "AAAAAAAAAAAAAAAAAAAAAA",
  userId: "u",
  name,
  format: "csv",
  status: "importing",
  columns: [],
  rows: 0,
  rejected: 0,
  bytes: 0,
  version,
  sourceId: "s",
  createdAt: now,
  updatedAt: now,
  deletedAt: null,
});

it("never tells of an older state of a dataset after a newer one", async () => {
  const prefix = `t${randomUUID()}`;
  const redis = connectForRequests(process.env.REDIS_URL ?? "", pino({ level: "silent" }));
  const publish = createPublisher({ redis, prefix });

  await announceChange(publish, state(3, "renamed"), false);
  await announceChange(publish, state(2, "as the worker saw it"), false);
  await announceDeletion(publish, state(4, "renamed"));
  await announceChange(publish, state(3, "renamed"), false);

  const key = `${prefix}:{dataset:AAAAAAAAAAAAAAAAAAAAAA}`;
  const log = await redis.xrange(`${key}:log`, "-", "+");
  const told = log.map(([, [, text]]) => JSON.parse(text ?? "{}"));
  expect(told.map(({ type, data }) => [type, data.version])).toEqual([
    ["dataset.changed", 3],
    ["dataset.deleted", 4],
  ]);
  await redis.unlink(await redis.keys(`${prefix}*`));
  redis.disconnect();
});

import type { Config } from "./config.ts";
import { createDatasetModel } from "./datasets/dataset.model.ts";
import { createProfiles } from "./datasets/profiles.ts";
import { createRawInsert } from "./datasets/raw-insert.ts";
import { createRows } from "./datasets/rows.ts";
import { publishLeniently } from "./infrastructure/channel.ts";
import { createPublisher } from "./infrastructure/channel-publisher.ts";
import { within } from "./infrastructure/deadline.ts";
import type { Logger } from "./infrastructure/logger.ts";
import { connectMongo } from "./infrastructure/mongo.ts";
import { connectForCache, connectForRequests, connectPatiently } from "./infrastructure/redis.ts";
import { createStorage } from "./infrastructure/storage.ts";
import { createVersions } from "./infrastructure/versions.ts";
import { createFileRemoval } from "./jobs/file-removal.ts";
import { createJobModel } from "./jobs/job.model.ts";
import { createQueue } from "./jobs/queue.ts";
import { createShares } from "./jobs/shares.ts";
import { createKeyModel, createUploadModel } from "./jobs/upload.model.ts";

/** A store that hangs holds up nobody's end. */
const longestCloseMs = 2000;

/** Opens what both processes stand on: MongoDB, Redis, and the models over them. */
export async function openStores(config: Config, logger: Logger) {
  const connection = await connectMongo(config.mongoUri, logger);
  const redis = connectForRequests(config.redisUrl, logger);
  const cacheRedis = connectForCache(config.redisUrl, logger);
  const queueRedis = connectPatiently(config.redisUrl, logger);
  const prefix = config.redisPrefix;
  const models = {
    jobs: createJobModel(connection),
    datasets: createDatasetModel(connection),
    uploads: createUploadModel(connection),
    keys: createKeyModel(connection),
  };
  for (const model of Object.values(models)) await model.createIndexes();
  const publishOrThrow = createPublisher({ redis, prefix });
  const shares = createShares({
    connection,
    jobs: models.jobs,
    most: config.limits.runningJobs,
  });
  const storage = createStorage(connection);
  const queue = createQueue({ connection: queueRedis, prefix, logger });

  return {
    connection,
    redis,
    cacheRedis,
    versions: createVersions({ redis: cacheRedis, prefix, logger }),
    queueRedis,
    queue,
    shares,
    ...models,
    profiles: createProfiles(connection, models.datasets),
    rows: createRows(connection, createRawInsert(connection, logger)),
    storage,
    fileRemoval: createFileRemoval({ jobs: models.jobs, storage }),
    publishOrThrow,
    publish: publishLeniently(publishOrThrow, logger),
    async close() {
      await within(longestCloseMs, queue.close()).catch(() => {});
      for (const client of [redis, cacheRedis]) client.disconnect();
      queueRedis.disconnect();
      connection.removeAllListeners("disconnected");
      await within(longestCloseMs, connection.close()).catch(() => {});
    },
  };
}

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { createAuth } from "./auth/auth.ts";
import { readSigningKeys } from "./auth/keys.ts";
import { limitLogins } from "./auth/login-limits.ts";
import { readConfig } from "./config.ts";
import { createDatasets } from "./datasets/datasets.ts";
import { createApp } from "./http/app.ts";
import { finishRequests } from "./http/finish-requests.ts";
import { createCache } from "./infrastructure/cache.ts";
import { createCursors } from "./infrastructure/cursor.ts";
import { within } from "./infrastructure/deadline.ts";
import { createLogger } from "./infrastructure/logger.ts";
import { createPlaces } from "./infrastructure/places.ts";
import { createRates } from "./infrastructure/rates.ts";
import { closeOnSignal, logStrays } from "./infrastructure/shutdown.ts";
import { createCancelHint } from "./jobs/cancel-hints.ts";
import { createDispatch } from "./jobs/dispatch.ts";
import { createExportedFiles } from "./jobs/exported-files.ts";
import { createExports } from "./jobs/exports.ts";
import { createFileLinks } from "./jobs/file-links.ts";
import { createIndexRequests } from "./jobs/index-requests.ts";
import { createJobs } from "./jobs/jobs.ts";
import { createQuota } from "./jobs/quota.ts";
import { createSubmissions } from "./jobs/submissions.ts";
import { createCallLimits, createSocketLimits } from "./limits.ts";
import { createGateway } from "./realtime/gateway.ts";
import { announceStart, refuseStart } from "./start.ts";
import { openStores } from "./stores.ts";

const pageFolder = fileURLToPath(new URL("../client-demo/dist", import.meta.url));

async function start() {
  const config = readConfig(process.env);
  const logger = createLogger({ ...config, level: config.logLevel, pretty: config.prettyLogs });
  logStrays(logger);

  const keys = readSigningKeys(config.privateKeys);
  const stores = await openStores(config, logger);
  const { connection, redis, cacheRedis, versions, queue, publish } = stores;

  const { secret, accessTokenSeconds } = config;
  const onEnded = (sessionIds: string[]) => gateway.endSessions(sessionIds);
  const users = createAuth({ connection, keys, secret, accessTokenSeconds, onEnded, logger });
  await users.createIndexes();
  const { limits, redisPrefix: prefix } = config;
  const createRate = createRates({ redis: cacheRedis, prefix });
  const places = createPlaces({ redis: cacheRedis, prefix, logger });
  const auth = await limitLogins({
    logger,
    auth: users,
    connection,
    redis: cacheRedis,
    prefix,
    createRate,
    limits,
  });
  const cursors = createCursors(secret);
  const cache = createCache({
    redis: cacheRedis,
    versions,
    prefix,
    logger,
  });
  const hintCancel = createCancelHint(redis, prefix);
  const dispatch = createDispatch({ queue, publish, versions, hintCancel });
  const quota = createQuota({ ...stores, most: limits.jobs });
  const requestIndex = createIndexRequests({ ...stores, dispatch, quota });
  const datasets = createDatasets({
    ...stores,
    model: stores.datasets,
    cursors,
    cache,
    requestIndex,
  });
  const jobs = createJobs({ ...stores, cursors, dispatch, quota });
  const submissions = createSubmissions({ ...stores, dispatch, quota });
  const exports = createExports({ ...stores, dispatch, quota, requestIndex });
  const exportedFiles = createExportedFiles({ ...stores, fileLinks: createFileLinks(config) });
  let isDraining = false;
  const isReady = async () => {
    const answers = [redis.ping(), connection.db?.admin().ping(), gateway.ready()];
    const given = await Promise.allSettled(
      answers.map((answer) => within(2000, Promise.resolve<unknown>(answer))),
    );
    return given.every(({ status }) => status === "fulfilled");
  };

  const app = createApp({
    config,
    logger,
    auth,
    datasets,
    jobs,
    submissions,
    exports,
    exportedFiles,
    followJob: (...asked) => gateway.followJob(...asked),
    ...createCallLimits(createRate, places, limits),
    isReady,
    isDraining: () => isDraining,
    pageFolder,
  });
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headerSeconds * 1000,
      connectionsCheckingInterval: 5000,
      // An upload may take hours; its headers may not.
      requestTimeout: 0,
    },
    app.callback(),
  );
  const served = { auth, datasets, jobs, exports };
  const bounds = createSocketLimits(createRate, places, limits);
  const gateway = createGateway(server, { config, logger, redis, ...served, ...bounds });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(config.port, config.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  announceStart(logger, "api", `http://127.0.0.1:${port}`);

  closeOnSignal(logger, async () => {
    isDraining = true;
    await gateway.drain();
    await gateway.close();
    await finishRequests(server);
    places.close();
    await stores.close();
  });
}

start().catch(refuseStart);

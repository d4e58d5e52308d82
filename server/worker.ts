import { readConfig } from "./config.ts";
import { within } from "./infrastructure/deadline.ts";
import { createLogger } from "./infrastructure/logger.ts";
import { connectPatiently } from "./infrastructure/redis.ts";
import { closeOnSignal, logStrays } from "./infrastructure/shutdown.ts";
import { hearCancelHints } from "./jobs/cancel-hints.ts";
import type { Catalog } from "./jobs/catalog.ts";
import { createFileLinks } from "./jobs/file-links.ts";
import { createImporter } from "./jobs/import-thread/importer.ts";
import { createJobStore } from "./jobs/job-store.ts";
import { createExportKind } from "./jobs/kinds/export.ts";
import { createImportKind } from "./jobs/kinds/import.ts";
import { createIndexKind } from "./jobs/kinds/index.ts";
import { createProfileKind } from "./jobs/kinds/profile.ts";
import { createPurgeKind } from "./jobs/kinds/purge.ts";
import { createRepairKind } from "./jobs/kinds/repair.ts";
import type { QueueName } from "./jobs/queue.ts";
import { createRunner } from "./jobs/runner.ts";
import { createSweeper } from "./jobs/sweeper.ts";
import { createTicketWorker } from "./jobs/ticket-worker.ts";
import { announceStart, refuseStart } from "./start.ts";
import { openStores } from "./stores.ts";

async function start() {
  const config = readConfig(process.env);
  const logger = createLogger({ ...config, level: config.logLevel, pretty: config.prettyLogs });
  logStrays(logger);

  const { workerConcurrency, limits } = config;
  if (limits.runningJobs >= workerConcurrency) {
    // One user's jobs could hold up everybody else's.
    logger.warn({
      event: "shares_not_fair",
      LIMIT_RUNNING_JOBS: limits.runningJobs,
      WORKER_CONCURRENCY: workerConcurrency,
    });
  }

  const stores = await openStores(config, logger);
  const hints = connectPatiently(config.redisUrl, logger);

  const importer = createImporter(logger, new URL("import-thread.js", import.meta.url));
  const store = createJobStore(stores);
  const importFile = createImportKind({ ...stores, importer, maxColumns: limits.columns });
  const repair = createRepairKind({ ...stores, importer });
  const catalog: Catalog = {
    import: (attempt) => (attempt.job().isRepair ? repair(attempt) : importFile(attempt)),
    export: createExportKind({ ...stores, importer, fileLinks: createFileLinks(config) }),
    index: createIndexKind(stores),
    profile: createProfileKind({ ...stores, importer }),
    purge: createPurgeKind(stores),
  };
  const run = createRunner({ ...stores, store, catalog, logger });
  const sweeper = createSweeper({ ...stores, publish: stores.publishOrThrow, store, logger });
  const prefix = config.redisPrefix;
  const take = (queueName: QueueName, concurrency: number) =>
    createTicketWorker({
      connection: stores.queueRedis,
      prefix,
      queueName,
      concurrency,
      run,
      logger,
    });
  const workers = [take("jobs", workerConcurrency), take("profiles", 1)];
  await hearCancelHints(hints, prefix, (jobId) => {
    for (const worker of workers) worker.cancel(jobId);
  });
  sweeper.start();
  announceStart(logger, "worker", null);

  closeOnSignal(logger, async () => {
    await Promise.all(workers.map((worker) => worker.close()));
    await within(3000, sweeper.stop()).catch(() => {});
    await importer.close();
    hints.disconnect();
    await stores.close();
  });
}

start().catch(refuseStart);

import Koa from "koa";
import type { Auth } from "../auth/auth.ts";
import type { Config } from "../config.ts";
import type { Datasets } from "../datasets/datasets.ts";
import type { Logger } from "../infrastructure/logger.ts";
import type { ExportedFiles } from "../jobs/exported-files.ts";
import type { Exports } from "../jobs/exports.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { Submissions } from "../jobs/submissions.ts";
import type { JobStreams } from "../realtime/job-streams.ts";
import type { State } from "./context.ts";
import { closeWhileDraining } from "./middleware/draining.ts";
import { answerErrors } from "./middleware/errors.ts";
import { setSafeHeaders } from "./middleware/headers.ts";
import { refuseOtherMethods } from "./middleware/methods.ts";
import { identify } from "./middleware/request-id.ts";
import { servePage } from "./page.ts";
import { authRoutes } from "./routes/auth.ts";
import { datasetRoutes } from "./routes/datasets.ts";
import { exportRoutes } from "./routes/exports.ts";
import { healthRoutes } from "./routes/health.ts";
import { jobRoutes } from "./routes/jobs.ts";

type Deps = {
  config: Config;
  logger: Logger;
  auth: Auth;
  datasets: Datasets;
  jobs: Jobs;
  submissions: Submissions;
  exports: Exports;
  exportedFiles: ExportedFiles;
  followJob: JobStreams["follow"];
  isReady: () => Promise<boolean>;
  isDraining: () => boolean;
  pageFolder: string;
};

/** Everything that HTTP answers, in order. */
export function createApp(deps: Deps): Koa<State> {
  const { config, logger, auth, datasets, jobs, submissions, followJob, pageFolder } = deps;
  const { limits } = config;
  const app = new Koa<State>();
  const routers = [
    healthRoutes(deps),
    authRoutes({ auth, config }),
    datasetRoutes({ auth, datasets, jobs, submissions, limits }),
    exportRoutes({ ...deps, jsonBytes: limits.jsonBytes }),
    jobRoutes({ auth, jobs, followJob, jsonBytes: limits.jsonBytes }),
  ];

  app.use(closeWhileDraining(deps.isDraining));
  app.use(identify(config.node));
  app.use(setSafeHeaders);
  app.use(answerErrors(logger));
  app.use(refuseOtherMethods(routers));
  app.use(servePage(pageFolder));
  for (const router of routers) app.use(router.routes());

  app.on("error", (err) => logger.debug({ err, event: "response_failed" }));
  return app;
}

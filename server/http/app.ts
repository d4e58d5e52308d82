import Koa from "koa";
import type { Auth } from "../auth/auth.ts";
import type { Config } from "../config.ts";
import type { Datasets } from "../datasets/datasets.ts";
import type { Logger } from "../infrastructure/logger.ts";
import type { PlacesOfAKind } from "../infrastructure/places.ts";
import type { Rate } from "../infrastructure/rates.ts";
import type { ExportedFiles } from "../jobs/exported-files.ts";
import type { Exports } from "../jobs/exports.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { Submissions } from "../jobs/submissions.ts";
import type { JobStreams } from "../realtime/job-streams.ts";
import type { State } from "./context.ts";
import { receive } from "./middleware/caller.ts";
import { closeWhileDraining } from "./middleware/draining.ts";
import { answerErrors } from "./middleware/errors.ts";
import { setSafeHeaders } from "./middleware/headers.ts";
import { limitCalls } from "./middleware/limit-calls.ts";
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
  /** calls of a user, and uploads at once */
  calls: Rate;
  uploads: PlacesOfAKind;
  isReady: () => Promise<boolean>;
  isDraining: () => boolean;
  pageFolder: string;
};

/** Everything that HTTP answers, in order. */
export function createApp(given: Deps): Koa<State> {
  const deps = { ...given, auth: limitCalls(given.auth, given.calls) };
  const { config, logger, auth, datasets, jobs, submissions, followJob, uploads, pageFolder } =
    deps;
  const { limits, proxyHops } = config;
  const app = new Koa<State>();
  const routers = [
    healthRoutes(deps),
    authRoutes({ auth, config }),
    datasetRoutes({ auth, datasets, jobs, submissions, limits, uploads }),
    exportRoutes({ ...deps, jsonBytes: limits.jsonBytes }),
    jobRoutes({ auth, jobs, followJob, jsonBytes: limits.jsonBytes }),
  ];

  app.use(closeWhileDraining(deps.isDraining));
  app.use(receive({ proxyHops, bodySeconds: limits.headerSeconds }));
  app.use(identify(config.node));
  app.use(setSafeHeaders(config.publicUrl));
  app.use(answerErrors(logger));
  app.use(refuseOtherMethods(routers));
  app.use(servePage(pageFolder));
  for (const router of routers) app.use(router.routes());

  app.on("error", (err) => logger.debug({ err, event: "response_failed" }));
  return app;
}

import Router from "koa-router";
import { emptyQuery } from "../../../protocol/common.ts";
import { cancelBody, jobsQuery } from "../../../protocol/jobs.ts";
import type { Auth } from "../../auth/auth.ts";
import type { Jobs } from "../../jobs/jobs.ts";
import type { JobStreams } from "../../realtime/job-streams.ts";
import { readOptionalJson, readQuery } from "../body.ts";
import type { State } from "../context.ts";
import { createEventStream, readLastEventId } from "../event-stream.ts";
import { readId } from "../ids.ts";
import { principalOf, requireSignIn } from "../middleware/authenticate.ts";

type Deps = { auth: Auth; jobs: Jobs; followJob: JobStreams["follow"]; jsonBytes: number };

export function jobRoutes({ auth, jobs, followJob, jsonBytes }: Deps) {
  const router = new Router<State>({ prefix: "/api/v1/jobs" });
  router.use(requireSignIn(auth));

  router.get("/", async (ctx) => {
    ctx.body = await jobs.list(principalOf(ctx), readQuery(ctx, jobsQuery));
  });

  router.get("/:id", async (ctx) => {
    ctx.body = await jobs.get(principalOf(ctx), readId(ctx.params));
  });

  router.get("/:id/events", async (ctx) => {
    readQuery(ctx, emptyQuery);
    const jobId = readId(ctx.params);
    const stream = createEventStream(ctx);
    if (await followJob(principalOf(ctx), jobId, readLastEventId(ctx), stream)) {
      ctx.set({ "Content-Type": "text/event-stream", "X-Accel-Buffering": "no" });
      ctx.body = stream.body;
    } else {
      // Tells an EventSource not to come back.
      stream.cut();
      ctx.status = 204;
    }
  });

  router.post("/:id/cancel", async (ctx) => {
    const jobId = readId(ctx.params);
    const { rows } = await readOptionalJson(ctx, cancelBody, jsonBytes);
    ctx.body = await jobs.cancel(principalOf(ctx), jobId, rows);
    ctx.status = 202;
  });

  router.post("/:id/retry", async (ctx) => {
    const jobId = readId(ctx.params);
    await readOptionalJson(ctx, emptyQuery, jsonBytes);
    ctx.body = await jobs.retry(principalOf(ctx), jobId);
    ctx.status = 202;
  });

  return router;
}

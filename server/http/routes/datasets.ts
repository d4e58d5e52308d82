import Router from "koa-router";
import { emptyQuery } from "../../../protocol/common.ts";
import {
  datasetsQuery,
  formats,
  recordsQuery,
  rejectsQuery,
  renameBody,
  uploadQuery,
} from "../../../protocol/datasets.ts";
import type { Submitted } from "../../../protocol/jobs.ts";
import type { Auth } from "../../auth/auth.ts";
import type { Datasets } from "../../datasets/datasets.ts";
import type { Encoded } from "../../infrastructure/encoded.ts";
import type { PlacesOfAKind } from "../../infrastructure/places.ts";
import type { Jobs } from "../../jobs/jobs.ts";
import type { Submission, Submissions } from "../../jobs/submissions.ts";
import { sendAttachment } from "../attachment.ts";
import { readJson, readQuery } from "../body.ts";
import type { Context, State } from "../context.ts";
import { readKey } from "../idempotency-key.ts";
import { readId } from "../ids.ts";
import { principalOf, requireSignIn } from "../middleware/authenticate.ts";
import { openUpload, type Upload, type UploadLimits } from "../upload.ts";

type Deps = {
  auth: Auth;
  datasets: Datasets;
  jobs: Jobs;
  submissions: Submissions;
  limits: UploadLimits;
  /** uploads that a user may have under way */
  uploads: PlacesOfAKind;
};

export function datasetRoutes({ auth, datasets, jobs, submissions, limits, uploads }: Deps) {
  const router = new Router<State>({ prefix: "/api/v1/datasets" });
  router.use(requireSignIn(auth));

  /** One of the user's uploads; calls under one key are one. */
  const holdPlace = (ctx: Context, upload: () => Promise<Submitted>) =>
    uploads.hold(principalOf(ctx).userId, readKey(ctx), upload);

  /** An upload may outlast its session: nothing is made of it then. */
  async function* whileSignedIn(ctx: Context, bytes: AsyncIterable<Uint8Array>) {
    yield* bytes;
    await auth.requireLive(principalOf(ctx));
  }

  const toSubmission = (ctx: Context, upload: Upload): Submission => ({
    ...upload,
    bytes: whileSignedIn(ctx, upload.bytes),
    key: readKey(ctx),
  });

  router.post("/", async (ctx) => {
    const submission = toSubmission(ctx, openUpload(ctx, readQuery(ctx, uploadQuery), limits));
    const submitted = await holdPlace(ctx, () => submissions.submit(principalOf(ctx), submission));
    sendSubmitted(ctx, submitted);
  });

  router.post("/:id/repairs", async (ctx) => {
    const datasetId = readId(ctx.params);
    const upload = openUpload(ctx, readQuery(ctx, emptyQuery), limits, emptyQuery);
    const submission = toSubmission(ctx, upload);
    const submitted = await holdPlace(ctx, () =>
      submissions.repair(principalOf(ctx), datasetId, submission),
    );
    sendSubmitted(ctx, submitted);
  });

  router.get("/", async (ctx) => {
    ctx.body = await datasets.list(principalOf(ctx), readQuery(ctx, datasetsQuery));
  });

  router.get("/:id", async (ctx) => {
    ctx.body = await datasets.get(principalOf(ctx), readId(ctx.params));
  });

  router.patch("/:id", async (ctx) => {
    const datasetId = readId(ctx.params);
    const { name } = await readJson(ctx, renameBody, limits.jsonBytes);
    ctx.body = await datasets.rename(principalOf(ctx), datasetId, name);
  });

  router.delete("/:id", async (ctx) => {
    ctx.body = { job: await jobs.deleteDataset(principalOf(ctx), readId(ctx.params)) };
    ctx.status = 202;
  });

  router.get("/:id/records", async (ctx) => {
    const request = { datasetId: readId(ctx.params), ...readQuery(ctx, recordsQuery) };
    sendEncoded(ctx, await datasets.records(principalOf(ctx), request));
  });

  router.get("/:id/rejects", async (ctx) => {
    const request = { datasetId: readId(ctx.params), ...readQuery(ctx, rejectsQuery) };
    sendEncoded(ctx, await datasets.rejects(principalOf(ctx), request));
  });

  for (const format of formats) {
    router.get(`/:id/rejects.${format}`, async (ctx) => {
      readQuery(ctx, emptyQuery);
      const datasetId = readId(ctx.params);
      sendAttachment(ctx, await datasets.rejectsFile(principalOf(ctx), datasetId, format));
    });
  }

  router.get("/:id/profile", async (ctx) => {
    ctx.body = await datasets.profile(principalOf(ctx), readId(ctx.params));
  });

  return router;
}

function sendSubmitted(ctx: Context, submitted: Submitted): void {
  ctx.set("Location", `/api/v1/jobs/${submitted.job.id}`);
  ctx.status = 202;
  ctx.body = submitted;
}

function sendEncoded(ctx: Context, { json }: Encoded<unknown>): void {
  ctx.type = "json";
  ctx.body = json;
}

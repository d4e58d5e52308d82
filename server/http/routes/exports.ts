import Router from "koa-router";
import { emptyQuery } from "../../../protocol/common.ts";
import { exportBody, fileQuery } from "../../../protocol/exports.ts";
import type { Auth } from "../../auth/auth.ts";
import type { ExportedFiles } from "../../jobs/exported-files.ts";
import type { Exports } from "../../jobs/exports.ts";
import { readJson, readQuery } from "../body.ts";
import type { Context, State } from "../context.ts";
import { sendFile } from "../download.ts";
import { readKey } from "../idempotency-key.ts";
import { readId } from "../ids.ts";
import { principalOf, requireSignIn } from "../middleware/authenticate.ts";

type Deps = { auth: Auth; exports: Exports; exportedFiles: ExportedFiles; jsonBytes: number };

export function exportRoutes({ auth, exports, exportedFiles, jsonBytes }: Deps) {
  const router = new Router<State>();
  const signIn = requireSignIn(auth);

  router.post("/api/v1/datasets/:id/exports", signIn, async (ctx) => {
    readQuery(ctx, emptyQuery);
    const datasetId = readId(ctx.params);
    const idempotencyKey = readKey(ctx);
    const body = await readJson(ctx, exportBody, jsonBytes);
    const answer = await exports.create(principalOf(ctx), { datasetId, idempotencyKey, ...body });
    ctx.set("Location", `/api/v1/jobs/${answer.job.id}`);
    ctx.status = 202;
    ctx.body = answer;
  });

  router.get("/api/v1/files/:id", async (ctx) => {
    const file = "signature" in ctx.query ? await findByLink(ctx) : await findOwn(ctx);
    sendFile(ctx, file, exportedFiles.read);
  });

  const findByLink = async (ctx: Context & { params: Record<string, string> }) =>
    exportedFiles.findByLink(readId(ctx.params), readQuery(ctx, fileQuery));

  async function findOwn(ctx: Context & { params: Record<string, string> }) {
    await signIn(ctx, async () => {});
    readQuery(ctx, emptyQuery);
    return exportedFiles.findOwn(principalOf(ctx), readId(ctx.params));
  }

  return router;
}

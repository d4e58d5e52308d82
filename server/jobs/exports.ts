import { createHash } from "node:crypto";
import type { z } from "zod";
import type { ExportBody, exportRequest } from "../../protocol/exports.ts";
import type { Job } from "../../protocol/jobs.ts";
import type { Principal } from "../auth/principal.ts";
import { createColumnIndexes, type RequestIndex } from "../datasets/column-indexes.ts";
import type { DatasetDocument, DatasetModel } from "../datasets/dataset.model.ts";
import { requireOwn } from "../datasets/own-dataset.ts";
import { readRecordQuery } from "../datasets/querying/record-query.ts";
import { mostWithoutIndex } from "../datasets/querying/record-reads.ts";
import { type Connection, isDuplicate, type Session, transact } from "../infrastructure/mongo.ts";
import { createTurns } from "../infrastructure/turns.ts";
import type { Dispatch } from "./dispatch.ts";
import { createIdempotency } from "./idempotency.ts";
import type { ExportPlan, JobDocument, JobModel } from "./job.model.ts";
import { newExport, toJob } from "./job-view.ts";
import type { Quota } from "./quota.ts";
import type { Shares } from "./shares.ts";
import type { KeyModel } from "./upload.model.ts";

const route = "exports";
const endings = /\.(csv|tsv|txt|ndjson|jsonl|json)(\.gz)?$/i;

type Deps = {
  connection: Connection;
  jobs: JobModel;
  datasets: DatasetModel;
  keys: KeyModel;
  dispatch: Dispatch;
  quota: Quota;
  shares: Shares;
  requestIndex: RequestIndex;
};

export type ExportRequest = z.output<typeof exportRequest>;
type Answer = { job: Job };

/** Takes orders for exports. The rows are those of the moment in which the job is made. */
export function createExports(deps: Deps) {
  const { connection, jobs, datasets, keys, dispatch, quota, shares, requestIndex } = deps;
  const indexes = createColumnIndexes(datasets, requestIndex);
  const idempotency = createIdempotency(keys);
  const takeTurn = createTurns();

  /** Throws what a page in this order would: `validation_failed`, `index_building`. */
  async function requireOrder(doc: DatasetDocument, body: ExportBody): Promise<void> {
    const { sort } = readRecordQuery(doc.columns, body);
    if (sort && doc.rows > mostWithoutIndex) await indexes.require(doc, [sort.key]);
  }

  async function create({ userId }: Principal, request: ExportRequest): Promise<Answer> {
    const { datasetId, idempotencyKey: key, ...body } = request;
    const fingerprint = fingerprintOf(datasetId, body);
    const findAnswer = async () =>
      key ? idempotency.find<Answer>({ userId, route, key }, fingerprint) : null;
    const known = await findAnswer();
    if (known) return known;
    await requireOrder(await requireOwn(datasets, userId, datasetId), body);

    const write = async (session: Session) => {
      await quota.hold(userId, session);
      const doc = await requireOwn(datasets, userId, datasetId, session);
      const job = newExport(userId, doc.name, toPlan(doc, body));
      const answer = { job: toJob(job) };
      if (key) await idempotency.keep({ userId, route, key }, fingerprint, answer, session);
      await quota.check(userId, session);
      await jobs.create([job], { session });
      return { job, answer, admitted: await shares.admit(userId, session) };
    };
    let made: { job: JobDocument; answer: Answer; admitted: JobDocument[] };
    try {
      made = await takeTurn(userId, () => transact(connection, write));
    } catch (err) {
      const won = isDuplicate(err) ? await findAnswer() : null;
      if (won) return won;
      throw err;
    }
    await dispatch.queued(made.job, made.admitted);
    return made.answer;
  }

  return { create };
}

export type Exports = ReturnType<typeof createExports>;

function toPlan(doc: DatasetDocument, body: ExportBody): ExportPlan {
  const { columns, rows, rejected, repairs = 0, format: source } = doc;
  const { format, sort, filter, gzip = false, raw = false } = body;
  // What doesn't fit the columns of this very moment is refused.
  readRecordQuery(columns, body);
  const request = { ...(sort && { sort }), ...(filter && { filter }) };
  const base = doc.name.replace(endings, "") || "export";
  return {
    rows: { datasetId: doc._id, columns, request, rows, rejected, repairs },
    lines: { format, source, columns, isRaw: raw },
    gzip,
    name: `${base}.${format}${gzip ? ".gz" : ""}`,
  };
}

function fingerprintOf(datasetId: string, body: ExportBody): string {
  const { format, sort = null, filter = [], gzip = false, raw = false } = body;
  return createHash("sha256")
    .update(JSON.stringify([datasetId, format, sort, filter, gzip, raw]))
    .digest("base64url");
}

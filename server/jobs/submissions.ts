import { createHash } from "node:crypto";
import type { Format, ImportOptions } from "../../protocol/datasets.ts";
import type { Submitted } from "../../protocol/jobs.ts";
import type { Principal } from "../auth/principal.ts";
import type { DatasetDocument, DatasetModel } from "../datasets/dataset.model.ts";
import { toDataset } from "../datasets/dataset-view.ts";
import { createId } from "../infrastructure/ids.ts";
import type { Stored } from "../infrastructure/storage.ts";
import { createIntake, type IntakeDeps, type Sent } from "./intake.ts";
import { newJob, toJob } from "./job-view.ts";
import { createRepairSubmissions } from "./repair-submissions.ts";

export type Description = { name: string; format: Format; options: ImportOptions };

/** `describe` is asked when the last byte is stored: what says it may come behind the file. */
export type Submission = Sent & { describe: () => Description };

type Deps = IntakeDeps & { datasets: DatasetModel };

/** Takes files in that become datasets, and those that repair one. */
export function createSubmissions(deps: Deps) {
  const { datasets } = deps;
  const takeIn = createIntake(deps);

  async function submit(principal: Principal, submission: Submission): Promise<Submitted> {
    const { userId } = principal;
    return takeIn(submission, {
      userId,
      route: "datasets",
      accept(id, stored) {
        const file = submission.describe();
        const { name, format, options } = file;
        const dataset = newDataset(userId, file, id, stored);
        const source = { id, bytes: stored.bytes, format, options };
        const job = newJob({ userId, kind: "import", dataset: { id: dataset._id, name }, source });
        return {
          job,
          answer: { dataset: toDataset(dataset), job: toJob(job) },
          fingerprint: fingerprintOf(file, stored),
          write: (session) => datasets.create([dataset], { session }),
        };
      },
    });
  }

  return { submit, repair: createRepairSubmissions(datasets, takeIn) };
}

export type Submissions = ReturnType<typeof createSubmissions>;

/** Of all that a call consists of; without declared columns the same as before there were any. */
function fingerprintOf({ name, format, options }: Description, { sha256 }: Stored): string {
  const { delimiter, header, columns = [] } = options;
  const declared = columns.map((column) => [column.name, column.type]);
  return createHash("sha256")
    .update(JSON.stringify([name, format, delimiter, header, sha256, ...declared]))
    .digest("base64url");
}

function newDataset(
  userId: string,
  { name, format }: Description,
  sourceId: string,
  { bytes }: Stored,
): DatasetDocument {
  const now = new Date();
  return {
    _id: createId(),
    userId,
    name,
    format,
    status: "importing",
    columns: [],
    rows: 0,
    rejected: 0,
    bytes,
    version: 1,
    sourceId,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
}

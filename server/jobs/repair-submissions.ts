import { createHash } from "node:crypto";
import type { Submitted } from "../../protocol/jobs.ts";
import type { Principal } from "../auth/principal.ts";
import type { DatasetDocument, DatasetModel } from "../datasets/dataset.model.ts";
import { toDataset } from "../datasets/dataset-view.ts";
import { requireOwn } from "../datasets/own-dataset.ts";
import { AppError } from "../errors.ts";
import { holdDataset } from "./dataset-status.ts";
import type { createIntake } from "./intake.ts";
import { newJob, toJob } from "./job-view.ts";
import type { Submission } from "./submissions.ts";

/** Takes in files of mended rows, each for a dataset that is there. */
export function createRepairSubmissions(
  datasets: DatasetModel,
  takeIn: ReturnType<typeof createIntake>,
) {
  return async (
    { userId }: Principal,
    datasetId: string,
    submission: Submission,
  ): Promise<Submitted> => {
    const dataset = await requireOwn(datasets, userId, datasetId);
    const { _id, name, format } = dataset;
    return takeIn(submission, {
      userId,
      route: "repairs",
      check: () => refuseUnready(dataset),
      accept(id, { bytes, sha256 }) {
        const sent = submission.describe();
        if (sent.format !== format) {
          const type = format === "csv" ? "text/csv" : "application/x-ndjson";
          throw new AppError("unsupported_media_type", `A repair of this dataset is ${type}.`);
        }
        const source = { id, bytes, format, options: {} };
        const named = { id: _id, name };
        const job = newJob({ userId, kind: "import", isRepair: true, dataset: named, source });
        return {
          job,
          answer: { dataset: toDataset(dataset), job: toJob(job) },
          fingerprint: createHash("sha256").update(`${_id}\0${sha256}`).digest("base64url"),
          async write(session) {
            const held = await holdDataset(datasets, _id, session);
            if (!held) throw new AppError("not_found");
            refuseUnready(held);
          },
        };
      },
    });
  };
}

/** Only rows that a finished import has left out have a place that is theirs. */
function refuseUnready({ status, columns }: DatasetDocument): void {
  if (status === "importing") {
    throw new AppError(
      "conflict",
      "The dataset's import isn't finished; its rows can be repaired then.",
    );
  }
  if (columns.length === 0) throw new AppError("conflict", "The dataset has no columns to fit.");
}

import type { ExportedFile } from "../../protocol/exports.ts";
import type { Principal } from "../auth/principal.ts";
import type { DatasetModel } from "../datasets/dataset.model.ts";
import { AppError } from "../errors.ts";
import type { Storage } from "../infrastructure/storage.ts";
import type { FileLinks } from "./file-links.ts";
import type { JobDocument, JobModel } from "./job.model.ts";

/** What a link says besides the file. */
export type SignedLink = { expires?: string | undefined; signature?: string | undefined };

export type Download = ExportedFile & { type: string };

type Deps = { jobs: JobModel; datasets: DatasetModel; storage: Storage; fileLinks: FileLinks };

/** Files that exports have written, until they expire or their dataset is deleted. */
export function createExportedFiles({ jobs, datasets, storage, fileLinks }: Deps) {
  async function find(condition: { _id: string; userId?: string }): Promise<Download> {
    const exported = { ...condition, kind: "export", state: "completed" } as const;
    const job = await jobs.findOne(exported).lean<JobDocument>();
    const result = job?.result;
    if (!job?.exports || !result || !("file" in result)) throw new AppError("not_found");
    const { file } = result;
    const isThere = await datasets.exists({ _id: job.dataset.id, deletedAt: null });
    if (!isThere || Date.parse(file.expiresAt) <= Date.now()) throw new AppError("not_found");
    return { ...file, type: typeOf(job.exports) };
  }

  return {
    /** The owner's own file; `not_found` for all others. */
    findOwn: ({ userId }: Principal, fileId: string): Promise<Download> =>
      find({ _id: fileId, userId }),

    /** By its link; one that wasn't made here is `unauthorized`, whether there is such a file or not. */
    findByLink(fileId: string, { expires = "", signature = "" }: SignedLink): Promise<Download> {
      if (!fileLinks.isGenuine(fileId, expires, signature)) {
        throw new AppError("unauthorized", "This link isn't one of ours.");
      }
      if (Number(expires) * 1000 <= Date.now()) throw new AppError("not_found");
      return find({ _id: fileId });
    },

    /** Bytes `start` to `end` (excluded), a chunk at a time: a slow reader holds two of them and no cursor. */
    read: (fileId: string, start: number, end: number, signal: AbortSignal) =>
      storage.readPart(fileId, { start, end, atOnce: 1 }, signal),
  };
}

export type ExportedFiles = ReturnType<typeof createExportedFiles>;

/** A packed file is a file of its own, not an encoding of another: it is kept as it is sent. */
function typeOf({ gzip, lines }: NonNullable<JobDocument["exports"]>): string {
  if (gzip) return "application/gzip";
  return lines.format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson";
}

import type { DatasetDocument, DatasetModel } from "../../datasets/dataset.model.ts";
import type { Profiles } from "../../datasets/profiles.ts";
import type { ProfiledRows } from "../../datasets/profiling/profile-rows.ts";
import { insist } from "../../infrastructure/insist.ts";
import type { Attempt } from "../attempt.ts";
import type { Importer } from "../import-thread/importer.ts";
import type { Told } from "../import-thread/messages.ts";
import type { Outcome } from "../job-store.ts";
import { createPace } from "../progress.ts";

type Deps = { datasets: DatasetModel; profiles: Profiles; importer: Importer };

/** Profiles the rows that a dataset has when the job starts; each attempt begins anew. */
export function createProfileKind({ datasets, profiles, importer }: Deps) {
  const read = ({ signal, job }: Attempt) => {
    const { id } = job().dataset;
    return insist(async () => {
      const dataset = await datasets.findOne({ _id: id, deletedAt: null }).lean<DatasetDocument>();
      return { dataset, newest: await profiles.findVersion(id) };
    }, signal);
  };

  async function profile(attempt: Attempt, dataset: DatasetDocument): Promise<ProfiledRows> {
    const { _id: datasetId, columns, rows, rejected } = dataset;
    const task = { kind: "profile", datasetId, columns, watermark: rows + rejected } as const;
    const pace = createPace();
    let profiled: ProfiledRows | undefined;
    const onTold = async (told: Told) => {
      if (told.kind === "profiled") profiled = told.profile;
      if (told.kind !== "read") return;
      await attempt.saveProgress({
        phase: "scan",
        rowsRead: told.rows,
        percent: Math.min(99, Math.floor((100 * told.rows) / rows)),
        ...pace(told.rows, told.rows, rows - told.rows),
      });
    };
    await importer.run(task, attempt.signal, onTold);
    if (!profiled) throw new Error("a task without a profile");
    return profiled;
  }

  return async (attempt: Attempt): Promise<Outcome> => {
    const { dataset, newest } = await read(attempt);
    if (!dataset) return { state: "cancelled" };
    const { version } = dataset;
    if (newest === version) return { state: "completed", result: null };
    const { rows, columns } = await profile(attempt, dataset);
    const isKept = await attempt.saveProfile({ version, rows, columns }, { rowsRead: rows });
    return isKept ? { state: "completed", result: null } : { state: "cancelled" };
  };
}

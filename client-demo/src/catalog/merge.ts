import type { Dataset } from "../../../protocol/datasets.ts";
import type { Job } from "../../../protocol/jobs.ts";
import { isFinished } from "../import/progress.ts";

/** What the list shows; `datasets` is null until the first page is in. */
export type Catalog = {
  datasets: Dataset[] | null;
  next: string | null;
  /** the newest import of each dataset, by the dataset's id */
  imports: Readonly<Record<string, Job>>;
};

const work = ({ progress }: Job) =>
  progress.bytesScanned + progress.bytesRead + (progress.rowsWritten ?? 0);

/** Two channels tell of one job; what is older than what we know must not win. */
export const isNewerJob = (known: Job | undefined, job: Job): boolean => {
  if (!known || known.id !== job.id) return !known || job.createdAt >= known.createdAt;
  if (known.run !== job.run) return job.run > known.run;
  if (isFinished(known)) return isFinished(job);
  return isFinished(job) || work(job) >= work(known);
};

/** A fresh first page on top of what was loaded further down. */
export const mergePage = (known: Dataset[], asked: Dataset[], hasMore: boolean): Dataset[] => {
  const byId = new Map(known.map((one) => [one.id, one]));
  const fresh = asked.map((one) => newerOf(byId.get(one.id), one));
  const oldest = fresh.at(-1);
  if (!hasMore || !oldest) return fresh;
  const ids = new Set(fresh.map(({ id }) => id));
  return [
    ...fresh,
    ...known.filter((one) => one.createdAt <= oldest.createdAt && !ids.has(one.id)),
  ];
};

export const putDataset = (known: Dataset[], dataset: Dataset): Dataset[] =>
  known.some(({ id }) => id === dataset.id) ? replaceDataset(known, dataset) : [dataset, ...known];

export const replaceDataset = (known: Dataset[], dataset: Dataset): Dataset[] =>
  known.map((one) => (one.id === dataset.id ? newerOf(one, dataset) : one));

/** A page and a channel tell of one dataset; an answer that was overtaken must not win. */
const newerOf = (known: Dataset | undefined, told: Dataset): Dataset =>
  known && known.version > told.version ? known : told;

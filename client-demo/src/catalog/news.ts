import type { Followed } from "../../../client/follow.ts";
import type { DatasetChange } from "../../../protocol/channels.ts";
import type { Dataset } from "../../../protocol/datasets.ts";

export type DatasetNews = Dataset | "deleted";

/** What a dataset's channel tells of it, on top of what it told before; null for nothing new. */
export const takeNews = (known: Dataset | null, item: Followed): DatasetNews | null => {
  if (item.kind === "snapshot") return (item.snapshot as Dataset | null) ?? "deleted";
  if (item.kind !== "event") return null;
  if (item.event.type === "dataset.deleted") return "deleted";
  if (item.event.type !== "dataset.changed" || known === null) return null;
  return applyChange(known, item.event.data as DatasetChange);
};

/** Columns travel only when they changed. */
const applyChange = (known: Dataset, change: DatasetChange): Dataset => ({
  ...known,
  ...change,
  columns: change.columns ?? known.columns,
});

import { useEffect, useState } from "react";
import type { Followed } from "../../../client/follow.ts";
import { RequestError } from "../../../client/request.ts";
import type { DatasetChange } from "../../../protocol/channels.ts";
import type { Dataset } from "../../../protocol/datasets.ts";
import { applyChange } from "../catalog/merge.ts";
import { explain } from "../ui/explain.ts";
import { useWorkbench } from "../workbench.tsx";

export type Opened =
  | { state: "loading" }
  | { state: "open"; dataset: Dataset }
  | { state: "gone"; why: string };

const deleted: Opened = { state: "gone", why: "This dataset was deleted." };

/** The next state of an open dataset, from what its channel gave. */
const take = (now: Opened, item: Followed): Opened => {
  if (item.kind === "snapshot")
    return item.snapshot ? { state: "open", dataset: item.snapshot as Dataset } : deleted;
  if (item.kind !== "event") return now;
  if (item.event.type === "dataset.deleted") return deleted;
  if (item.event.type !== "dataset.changed" || now.state !== "open") return now;
  return { state: "open", dataset: applyChange(now.dataset, item.event.data as DatasetChange) };
};

/** Follows one dataset for as long as it is shown. */
export const useDataset = (id: string): Opened => {
  const { live, catalog } = useWorkbench();
  const [opened, setOpened] = useState<Opened>(() => {
    const known = catalog.store.read().datasets?.find((one) => one.id === id);
    return known ? { state: "open", dataset: known } : { state: "loading" };
  });

  useEffect(() => {
    const controller = new AbortController();
    let now: Opened = { state: "loading" };
    const onItem = (item: Followed) => {
      now = take(now, item);
      setOpened(now);
      if (now.state === "open") catalog.replace(now.dataset);
      if (now.state === "gone") catalog.remove(id);
    };
    const onEnd = (error: unknown) => {
      const isMissing = error instanceof RequestError && error.code === "not_found";
      const why = isMissing ? "There is no such dataset (any more)." : explain(error);
      setOpened({ state: "gone", why });
    };
    live.watch(`dataset:${id}`, controller.signal, onItem, onEnd);
    return () => controller.abort();
  }, [id, live, catalog]);
  return opened;
};

import { useEffect, useState } from "react";
import type { Followed } from "../../../client/follow.ts";
import { RequestError } from "../../../client/request.ts";
import type { Dataset } from "../../../protocol/datasets.ts";
import { takeNews } from "../catalog/news.ts";
import { explain } from "../ui/explain.ts";
import { useWorkbench } from "../workbench.tsx";

export type Opened =
  | { state: "loading" }
  | { state: "open"; dataset: Dataset }
  | { state: "gone"; why: string };

const deleted: Opened = { state: "gone", why: "This dataset was deleted." };

/** Follows one dataset for as long as it is shown. */
export const useDataset = (id: string): Opened => {
  const { live, catalog } = useWorkbench();
  const [opened, setOpened] = useState<Opened>(() => {
    const known = catalog.store.read().datasets?.find((one) => one.id === id);
    return known ? { state: "open", dataset: known } : { state: "loading" };
  });

  useEffect(() => {
    const controller = new AbortController();
    let known: Dataset | null = null;
    const onItem = (item: Followed) => {
      const news = takeNews(known, item);
      if (news === null) return;
      known = news === "deleted" ? null : news;
      setOpened(known ? { state: "open", dataset: known } : deleted);
      if (known) catalog.replace(known);
      else catalog.remove(id);
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

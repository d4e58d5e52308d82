import { RequestError } from "../../../client/request.ts";
import type { Dataset } from "../../../protocol/datasets.ts";
import type { Live } from "../live/live.ts";
import { placeStore } from "../place/place.ts";
import { type DatasetNews, takeNews } from "./news.ts";

/** A connection may follow 200 channels; the newest datasets are the ones that stand in sight. */
const most = 50;

/** Follows the channels of the newest listed datasets, so that a name changed elsewhere shows here. */
export const createDatasetWatch = (
  live: Live,
  signal: AbortSignal,
  onNews: (id: string, news: DatasetNews) => void,
) => {
  const watched = new Map<string, AbortController>();

  const start = (id: string) => {
    const controller = new AbortController();
    watched.set(id, controller);
    let known: Dataset | null = null;
    live.watch(
      `dataset:${id}`,
      AbortSignal.any([signal, controller.signal]),
      (item) => {
        const news = takeNews(known, item);
        if (news === null) return;
        known = news === "deleted" ? null : news;
        onNews(id, news);
      },
      (error) => {
        if (error instanceof RequestError && error.code === "not_found") onNews(id, "deleted");
      },
    );
  };

  return (listed: readonly Dataset[]) => {
    const { dataset: open } = placeStore.read();
    // The open one's own view follows it, and tells the list.
    const wanted = new Set(listed.slice(0, most).map(({ id }) => id));
    if (open) wanted.delete(open);
    for (const [id, controller] of watched) {
      if (wanted.has(id)) continue;
      watched.delete(id);
      controller.abort();
    }
    for (const id of wanted) if (!watched.has(id)) start(id);
  };
};

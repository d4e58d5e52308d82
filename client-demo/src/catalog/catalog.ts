import type { Followed } from "../../../client/follow.ts";
import { RequestError } from "../../../client/request.ts";
import type { Dataset } from "../../../protocol/datasets.ts";
import type { Job } from "../../../protocol/jobs.ts";
import { describeEnd, isFinished } from "../import/progress.ts";
import { isRepair } from "../import/repair.ts";
import type { Live } from "../live/live.ts";
import { placeStore } from "../place/place.ts";
import { createStore } from "../store.ts";
import { explain } from "../ui/explain.ts";
import { announce, complain } from "../ui/notices.tsx";
import { createDatasetWatch } from "./dataset-watch.ts";
import { createJobWatch } from "./job-watch.ts";
import { type Catalog, isNewerJob, mergePage, putDataset, replaceDataset } from "./merge.ts";
import { oncePerSecond } from "./once-per-second.ts";

/** The datasets of this user and their imports, kept up to date over the socket. */
export const createCatalog = (live: Live) => {
  const store = createStore<Catalog>({ datasets: null, next: null, imports: {} });
  const controller = new AbortController();

  const load = async (cursor: string | null) => {
    const page = await live.ask("datasets:list", { ...(cursor && { cursor }) });
    store.change((now) => {
      const known = now.datasets ?? [];
      if (cursor) return { ...now, datasets: [...known, ...page.items], next: page.next };
      const datasets = mergePage(known, page.items, page.next !== null);
      const isWhole = datasets.length === page.items.length;
      return { ...now, datasets, next: isWhole ? page.next : now.next };
    });
  };
  const refresh = oncePerSecond(() =>
    load(null).catch((error) => {
      if (controller.signal.aborted) return;
      // Being cut off is the badge's to tell: the question waits for the connection and is put again.
      if (error instanceof RequestError && error.code === "disconnected") refresh();
      else complain(explain(error));
    }),
  );

  const takeJob = (job: Job) => {
    const { imports, datasets } = store.read();
    const { id } = job.dataset;
    if (job.kind === "purge") return remove(id);
    if (job.kind !== "import") return;
    const known = imports[id];
    if (!isNewerJob(known, job)) return;
    store.change((now) => ({ ...now, imports: { ...now.imports, [id]: job } }));
    watchImport(job);
    const isEnd = isFinished(job) && known !== undefined && !isFinished(known);
    const dataset = datasets?.find((one) => one.id === id);
    if (isEnd) announce(describeEnd(job, dataset !== undefined && isRepair(dataset, job)));
    if (isEnd || !dataset) refresh();
  };
  const watchImport = createJobWatch(live, controller.signal, takeJob);

  const edit = (change: (known: Dataset[]) => Dataset[]) =>
    // Before the first page is in, one dataset is not the list.
    store.change((now) => (now.datasets ? { ...now, datasets: change(now.datasets) } : now));
  const remove = (id: string) => edit((known) => known.filter((one) => one.id !== id));
  const replace = (dataset: Dataset) => edit((known) => replaceDataset(known, dataset));

  const onItem = (item: Followed) => {
    if (item.kind === "event" && item.event.type.startsWith("job."))
      takeJob(item.event.data as Job);
    if (item.kind === "snapshot") void startOver(item.snapshot as Job[]);
  };
  /** The unfinished jobs are told; what ended meanwhile has to be asked for. */
  const startOver = async (unfinished: Job[]) => {
    refresh();
    for (const job of unfinished) takeJob(job);
    const recent = await live.ask("jobs:list", { kind: "import", limit: 200 }).catch(() => null);
    for (const job of recent?.items ?? []) takeJob(job);
  };

  live.watch("jobs", controller.signal, onItem);
  const watchListed = createDatasetWatch(live, controller.signal, (id, news) =>
    news === "deleted" ? remove(id) : replace(news),
  );
  const followList = () => watchListed(store.read().datasets ?? []);
  const stops = [store.watch(followList), placeStore.watch(followList)];

  return {
    store,
    refresh,
    takeJob,
    remove,
    /** a dataset that is new here */
    put: (dataset: Dataset) => edit((known) => putDataset(known, dataset)),
    /** a newer state of one that may stand in the list */
    replace,
    loadMore: () => load(store.read().next).catch((error) => complain(explain(error))),
    close() {
      for (const stop of stops) stop();
      controller.abort();
    },
  };
};

export type CatalogFeed = ReturnType<typeof createCatalog>;

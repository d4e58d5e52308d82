import type { RecordCondition, RecordSort } from "../../../protocol/record-queries.ts";
import { createStore } from "../store.ts";
import { readFilter, readSort, writeQuestion } from "./question.ts";

export type Tab = "rows" | "rejects";

/** Where this window is; `from` is the 1-based number of the page's first item. */
export type Place = {
  dataset: string | null;
  tab: Tab;
  cursor: string | null;
  from: number;
  sort: RecordSort | null;
  filter: RecordCondition[];
};

export const home: Place = {
  dataset: null,
  tab: "rows",
  cursor: null,
  from: 1,
  sort: null,
  filter: [],
};

export const readPlace = (hash: string): Place => {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const dataset = /^datasets\/([A-Za-z0-9_-]{22})$/.exec(path)?.[1];
  if (!dataset) return home;
  const params = new URLSearchParams(query);
  const from = Number(params.get("from"));
  const cursor = params.get("page");
  return {
    dataset,
    tab: params.get("tab") === "rejects" ? "rejects" : "rows",
    cursor,
    from: cursor !== null && Number.isSafeInteger(from) && from > 0 ? from : 1,
    sort: readSort(params),
    filter: readFilter(params),
  };
};

export const writePlace = ({ dataset, tab, cursor, from, sort, filter }: Place): string => {
  if (!dataset) return "#/";
  const params = new URLSearchParams();
  if (tab === "rejects") params.set("tab", tab);
  writeQuestion(params, sort, filter);
  if (cursor !== null) {
    params.set("page", cursor);
    params.set("from", String(from));
  }
  const query = params.toString();
  return `#/datasets/${dataset}${query && `?${query}`}`;
};

export const placeStore = createStore<Place>(readPlace(location.hash));

export const watchAddress = () =>
  addEventListener("hashchange", () => placeStore.change(() => readPlace(location.hash)));

/** Goes there and leaves the old place in the history. */
export const goTo = (place: Place) => {
  location.hash = writePlace(place);
};

/** Asks something else of the same rows: cursors are good for one question, so from the first page on. */
export const askFor = (place: Place, change: Partial<Pick<Place, "sort" | "filter">>) =>
  goTo({ ...place, ...change, tab: "rows", cursor: null, from: 1 });

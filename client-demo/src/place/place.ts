import { createStore } from "../store.ts";

export type Tab = "rows" | "rejects";

/** Where this window is; `from` is the 1-based number of the page's first item. */
export type Place = { dataset: string | null; tab: Tab; cursor: string | null; from: number };

export const home: Place = { dataset: null, tab: "rows", cursor: null, from: 1 };

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
  };
};

export const writePlace = ({ dataset, tab, cursor, from }: Place): string => {
  if (!dataset) return "#/";
  const params = new URLSearchParams();
  if (tab === "rejects") params.set("tab", tab);
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

import { createContext, useContext } from "react";
import { type CatalogFeed, createCatalog } from "./catalog/catalog.ts";
import { createLive, type Live } from "./live/live.ts";
import { goTo, home } from "./place/place.ts";
import { createRepairs, type Repairs } from "./repair/repairs.ts";
import { createTokenSource, endSession, type Session } from "./session/session.ts";
import { createUploads, type Uploads } from "./upload/uploads.ts";
import { createWork, type WorkFeed } from "./work/work.ts";

/** All that lives as long as someone is signed in. */
export type Workbench = {
  session: Session;
  live: Live;
  catalog: CatalogFeed;
  work: WorkFeed;
  uploads: Uploads;
  repairs: Repairs;
  close: () => void;
};

export const openWorkbench = (session: Session): Workbench => {
  const live = createLive(createTokenSource(), endSession);
  const catalog = createCatalog(live);
  const work = createWork(live);
  const uploads: Uploads = createUploads(session, ({ dataset, job }) => {
    catalog.put(dataset);
    catalog.takeJob(job);
    // With more on the way there is no one place to go to.
    const others = uploads.store.read().filter(({ state }) => state !== "failed");
    if (others.length === 1) goTo({ ...home, dataset: dataset.id });
  });
  const repairs = createRepairs(session, ({ job }) => catalog.takeJob(job));
  return {
    session,
    live,
    catalog,
    work,
    uploads,
    repairs,
    close: () => {
      uploads.close();
      repairs.close();
      work.close();
      catalog.close();
      live.close();
    },
  };
};

const Context = createContext<Workbench | null>(null);

export const WorkbenchProvider = Context.Provider;

export const useWorkbench = (): Workbench => {
  const workbench = useContext(Context);
  if (!workbench) throw new Error("there is no workbench outside of a session");
  return workbench;
};

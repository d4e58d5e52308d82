import { useEffect, useState } from "react";
import { CatalogList } from "./catalog/catalog-list.tsx";
import { DatasetView } from "./dataset/dataset-view.tsx";
import { Badge } from "./live/badge.tsx";
import { placeStore } from "./place/place.ts";
import { type Session, sessionStore, signOut } from "./session/session.ts";
import { SignIn } from "./session/sign-in.tsx";
import { useStore } from "./store.ts";
import { Notices } from "./ui/notices.tsx";
import { useLate } from "./ui/use-late.ts";
import { DropZone } from "./upload/drop-zone.tsx";
import { Pick } from "./upload/pick.tsx";
import { openWorkbench, useWorkbench, type Workbench, WorkbenchProvider } from "./workbench.tsx";

export const App = () => {
  const { session, isOpening } = useStore(sessionStore);
  return (
    <>
      {session ? <SignedIn key={session.user.id} session={session} /> : null}
      {!session && (isOpening ? <Loading /> : <SignIn />)}
      <Notices />
    </>
  );
};

const SignedIn = ({ session }: { session: Session }) => {
  const [workbench, setWorkbench] = useState<Workbench | null>(null);
  useEffect(() => {
    const opened = openWorkbench(session);
    setWorkbench(opened);
    return opened.close;
  }, [session]);
  if (!workbench) return null;
  return (
    <WorkbenchProvider value={workbench}>
      <Header workbench={workbench} />
      <Panes />
      <DropZone />
    </WorkbenchProvider>
  );
};

const Header = ({ workbench: { live, session } }: { workbench: Workbench }) => (
  <header className="top">
    <a className="brand" href="#/">
      Sluice
    </a>
    <Badge link={live.link} />
    <span className="top-user">{session.user.email}</span>
    <button type="button" onClick={signOut}>
      Sign out
    </button>
  </header>
);

const Panes = () => {
  const { catalog, uploads } = useWorkbench();
  const { datasets } = useStore(catalog.store);
  const sending = useStore(uploads.store);
  const { dataset } = useStore(placeStore);
  const isEmpty = datasets?.length === 0 && sending.length === 0;
  if (isEmpty && !dataset) return <Empty />;
  if (!datasets && sending.length === 0 && !dataset) return <Loading />;
  return (
    <main className={dataset ? "panes panes-open" : "panes"}>
      <nav className="side" aria-label="Datasets">
        {!dataset && <h1 className="unseen">Datasets</h1>}
        <Pick isBig={false} />
        <CatalogList />
      </nav>
      <div className="stage">
        {dataset ? (
          <DatasetView key={dataset} id={dataset} />
        ) : (
          <p className="stage-empty quiet">Open a dataset, or drop a file anywhere.</p>
        )}
      </div>
    </main>
  );
};

/** Nothing is known yet: neither a list nor that there is none. */
const Loading = () => {
  const isLate = useLate(true);
  return (
    <main className="side side-loading">
      <h1 className="unseen">Datasets</h1>
      {isLate && <div className="skeleton skeleton-list" aria-hidden="true" />}
    </main>
  );
};

const Empty = () => (
  <main className="empty">
    <h1>Nothing here yet</h1>
    <Pick isBig={true} />
  </main>
);

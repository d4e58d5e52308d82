import { useEffect, useState } from "react";
import type { Dataset } from "../../../protocol/datasets.ts";
import type { Profile } from "../../../protocol/profiles.ts";
import { useStore } from "../store.ts";
import { useWorkbench } from "../workbench.tsx";

/** What the dataset's columns hold, once that is known; asked for again only when it was made anew. */
export const useProfile = ({ id, status }: Dataset): Profile | null => {
  const { live, work } = useWorkbench();
  const made = useStore(work.store).profiled[id] ?? "";
  const key = `${id} ${made}`;
  const known = work.profiles;
  const [profile, setProfile] = useState<Profile | null>(known.get(key) ?? null);
  const isThere = status !== "importing" || made !== "";
  useEffect(() => {
    const kept = known.get(key);
    if (kept) return setProfile(kept);
    if (!isThere) return;
    let isOver = false;
    live.ask("profiles:get", { datasetId: id }).then(
      (answer) => {
        known.set(key, answer);
        if (!isOver) setProfile(answer);
      },
      // Most often there is none yet; its job says when there is.
      () => {},
    );
    return () => {
      isOver = true;
    };
  }, [key, id, isThere, known, live]);
  return profile;
};

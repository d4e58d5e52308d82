import { useSyncExternalStore } from "react";

/** The same width at which the styles fold to one column. */
const narrow = matchMedia("(max-width: 760px)");

const watch = (listener: () => void) => {
  narrow.addEventListener("change", listener);
  return () => narrow.removeEventListener("change", listener);
};

/** Whether the window is a phone's. */
export const useNarrow = (): boolean => useSyncExternalStore(watch, () => narrow.matches);

import { useSyncExternalStore } from "react";

/** A value that can be watched; `change` must give a new object where something differs. */
export type Store<T> = {
  read: () => T;
  change: (next: (now: T) => T) => void;
  watch: (listener: () => void) => () => void;
};

export const createStore = <T>(first: T): Store<T> => {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    read: () => value,
    change(next) {
      const changed = next(value);
      if (Object.is(changed, value)) return;
      value = changed;
      for (const listener of listeners) listener();
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.watch, store.read);

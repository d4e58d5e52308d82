import type { Session } from "../session/session.ts";
import { createStore } from "../store.ts";
import { explain } from "../ui/explain.ts";
import { createKey, type Submitted, sendFile, typeOf } from "./send-file.ts";

export type Upload = {
  id: string;
  file: File;
  state: "waiting" | "sending" | "failed";
  /** bytes */
  sent: number;
  error: string | null;
};

/** The server takes three uploads at once from one user; the others wait here. */
const atOnce = 3;

export const createUploads = (session: Session, onStored: (submitted: Submitted) => void) => {
  const store = createStore<Upload[]>([]);
  const running = new Map<string, AbortController>();

  const update = (id: string, change: Partial<Upload>) =>
    store.change((now) => now.map((one) => (one.id === id ? { ...one, ...change } : one)));
  const drop = (id: string) => store.change((now) => now.filter((one) => one.id !== id));

  const startNext = () => {
    const next = store.read().find(({ state }) => state === "waiting");
    if (!next || running.size >= atOnce) return;
    void send(next);
    startNext();
  };

  const send = async ({ id, file }: Upload) => {
    const controller = new AbortController();
    running.set(id, controller);
    update(id, { state: "sending", sent: 0, error: null });
    const onProgress = (sent: number) => update(id, { sent: Math.min(sent, file.size) });
    try {
      const { signal } = controller;
      const path = `/datasets?${new URLSearchParams({ name: file.name })}`;
      const { token } = session;
      const options = { path, type: typeOf(file.name), token, key: id, signal, onProgress };
      onStored(await sendFile(file, options));
      drop(id);
    } catch (error) {
      if (!controller.signal.aborted) update(id, { state: "failed", error: explain(error) });
    } finally {
      running.delete(id);
      startNext();
    }
  };

  return {
    store,
    add(files: Iterable<File>) {
      const added = [...files].map(
        (file): Upload => ({ id: createKey(), file, state: "waiting", sent: 0, error: null }),
      );
      store.change((now) => [...added, ...now]);
      startNext();
    },
    again(id: string) {
      update(id, { state: "waiting" });
      startNext();
    },
    cancel(id: string) {
      running.get(id)?.abort();
      drop(id);
    },
    close: () => {
      for (const controller of running.values()) controller.abort();
    },
  };
};

export type Uploads = ReturnType<typeof createUploads>;

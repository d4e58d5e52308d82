import type { Dataset } from "../../../protocol/datasets.ts";
import type { Session } from "../session/session.ts";
import { createStore } from "../store.ts";
import { explain } from "../ui/explain.ts";
import { createKey, type Submitted, sendFile } from "../upload/send-file.ts";

/** A repaired file on its way to the server, or one that was refused. */
export type Sending = { file: File; key: string; sent: number; error: string | null };

/** The repaired files that are being sent, one a dataset; they go on while one looks elsewhere. */
export const createRepairs = (session: Session, onStored: (submitted: Submitted) => void) => {
  const store = createStore<Readonly<Record<string, Sending>>>({});
  const running = new Map<string, AbortController>();

  const put = (id: string, sending: Sending) => store.change((now) => ({ ...now, [id]: sending }));
  const drop = (id: string) => store.change(({ [id]: _, ...others }) => others);

  const send = async ({ id, format }: Dataset, file: File, key: string) => {
    const controller = new AbortController();
    running.set(id, controller);
    const show = (sent: number, error: string | null = null) => put(id, { file, key, sent, error });
    show(0);
    try {
      const answer = await sendFile(file, {
        path: `/datasets/${id}/repairs`,
        type: format === "csv" ? "text/csv" : "application/x-ndjson",
        token: session.token,
        key,
        signal: controller.signal,
        onProgress: (sent) => show(Math.min(sent, file.size)),
      });
      drop(id);
      onStored(answer);
    } catch (error) {
      if (!controller.signal.aborted) show(0, explain(error));
    } finally {
      running.delete(id);
    }
  };

  return {
    store,
    send: (dataset: Dataset, file: File) => void send(dataset, file, createKey()),
    again(dataset: Dataset) {
      const failed = store.read()[dataset.id];
      if (failed) void send(dataset, failed.file, failed.key);
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

export type Repairs = ReturnType<typeof createRepairs>;

import { createStore, useStore } from "../store.ts";

type Notice = { id: number; text: string };

const noticeStore = createStore<Notice[]>([]);
const spoken = createStore("");
let last = 0;

/** Shows that something went wrong until it is dismissed. */
export const complain = (text: string) =>
  noticeStore.change((now) =>
    [...now.filter((one) => one.text !== text), { id: ++last, text }].slice(-3),
  );

/** Says something to screen readers without showing it. */
export const announce = (text: string) => spoken.change(() => text);

export const Notices = () => {
  const notices = useStore(noticeStore);
  const text = useStore(spoken);
  const dismiss = (id: number) => noticeStore.change((now) => now.filter((one) => one.id !== id));
  return (
    <>
      <p className="unseen" role="status" aria-live="polite">
        {text}
      </p>
      <div className="notices" role="alert">
        {notices.map(({ id, text }) => (
          <p key={id} className="notice">
            <span>{text}</span>
            <button type="button" className="button-bare" onClick={() => dismiss(id)}>
              Dismiss
            </button>
          </p>
        ))}
      </div>
    </>
  );
};

import { createStore, useStore } from "../store.ts";

/** `link`: a file that is there to be downloaded. */
type Notice = { id: number; text: string; link?: { href: string; name: string } };

const noticeStore = createStore<Notice[]>([]);
const spoken = createStore("");
let last = 0;

const put = (notice: Omit<Notice, "id">) =>
  noticeStore.change((now) =>
    [...now.filter(({ text }) => text !== notice.text), { id: ++last, ...notice }].slice(-3),
  );

/** Shows that something went wrong until it is dismissed. */
export const complain = (text: string) => put({ text });

/** Shows that a file is ready, until it is dismissed. */
export const show = (text: string, link: { href: string; name: string }) => put({ text, link });

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
        {notices.map(({ id, text, link }) => (
          <p key={id} className={link ? "notice notice-good" : "notice"}>
            <span>{text}</span>
            {link && (
              <a href={link.href} download={link.name} onClick={() => dismiss(id)}>
                Download
              </a>
            )}
            <button type="button" className="button-bare" onClick={() => dismiss(id)}>
              Dismiss
            </button>
          </p>
        ))}
      </div>
    </>
  );
};

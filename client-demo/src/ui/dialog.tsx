import {
  type FormEvent,
  type ReactNode,
  type SyntheticEvent,
  useId,
  useLayoutEffect,
  useRef,
} from "react";

type Props = {
  title: string;
  children: ReactNode;
  onClose: () => void;
  /** null: there is nothing to confirm */
  confirm: { label: string; isDanger?: boolean; onConfirm: () => void } | null;
  /** a second way to say yes */
  other?: { label: string; onConfirm: () => void };
  dismiss: string;
};

/** A modal dialog; Escape closes it. */
export const Dialog = ({ title, children, onClose, confirm, other, dismiss }: Props) => {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // Closing gives the focus back to where it was; removing the element alone would not.
    return () => dialog?.close();
  }, []);

  const onClosed = ({ currentTarget }: SyntheticEvent<HTMLDialogElement>) => {
    if (!currentTarget.open) onClose();
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!confirm) return onClose();
    confirm.onConfirm();
  };
  const tone = confirm?.isDanger ? "button-danger" : "button-main";
  return (
    <dialog ref={ref} aria-labelledby={id} onClose={onClosed}>
      <form onSubmit={onSubmit} noValidate>
        <h2 id={id}>{title}</h2>
        {children}
        <div className="row row-end">
          <button type="button" onClick={onClose}>
            {dismiss}
          </button>
          {other && (
            <button type="button" className="button-danger" onClick={other.onConfirm}>
              {other.label}
            </button>
          )}
          {confirm && (
            <button type="submit" className={tone}>
              {confirm.label}
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
};

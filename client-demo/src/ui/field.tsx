import { type InputHTMLAttributes, type ReactNode, useId } from "react";

type Props = InputHTMLAttributes<HTMLInputElement> & {
  label: string;
  error?: string | undefined;
  hint?: string | null | undefined;
  /** stands inside the frame, after the input */
  extra?: ReactNode;
};

/** An input with its label, a hint, and what is wrong with it, in words. */
export const Field = ({ label, error, hint, extra, ...input }: Props) => {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-frame">
        <input
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={note ? `${id}-note` : undefined}
          {...input}
        />
        {extra}
      </div>
      <p id={`${id}-note`} className={error ? "note note-bad" : "note"}>
        {note}
      </p>
    </div>
  );
};

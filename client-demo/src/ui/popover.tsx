import { type ReactNode, type ToggleEvent, useId, useRef, useState } from "react";

type Props = {
  className: string;
  /** what stands on the button */
  face: ReactNode;
  title: string;
  children: (close: () => void) => ReactNode;
};

const width = 320;
const gap = 8;
/** Less room below the button than this (pixels), and the panel begins further up. */
const leastHeight = 440;

/** A button with a panel that the browser puts above all else; Escape or a click elsewhere closes it. */
export const Popover = ({ className, face, title, children }: Props) => {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const place = ({ newState, currentTarget }: ToggleEvent<HTMLDivElement>) => {
    const box = button.current?.getBoundingClientRect();
    if (newState !== "open" || !box) return;
    const left = Math.max(gap, Math.min(box.left, innerWidth - width - gap));
    const top = Math.max(gap, Math.min(box.bottom + gap / 2, innerHeight - leastHeight - gap));
    currentTarget.style.left = `${left}px`;
    currentTarget.style.top = `${top}px`;
    currentTarget.style.maxHeight = `${innerHeight - top - gap}px`;
    setIsOpen(true);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        popoverTarget={id}
        aria-expanded={isOpen}
      >
        {face}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={title}
        className="popover"
        style={{ width }}
        onBeforeToggle={place}
        onToggle={({ newState }) => setIsOpen(newState === "open")}
      >
        {isOpen && children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
};

import { useState } from "react";
import type { CellValue } from "../../../protocol/datasets.ts";
import { Dialog } from "../ui/dialog.tsx";
import { bringIntoSight, type Marked } from "./guilty.ts";

/** Longer text is cut and can be opened. */
const longest = 48;

export const Cell = ({ column, value }: { column: string; value: CellValue | undefined }) => {
  if (value === null || value === undefined)
    return (
      <span className="cell-null" title="empty">
        –
      </span>
    );
  return <Text title={column} text={String(value)} />;
};

type TextProps = { title: string; text: string; marked?: Marked | null };

/** A text that can be read whole, with the place marked that went wrong. */
export const Text = ({ title, text, marked = null }: TextProps) => {
  const [isOpen, setIsOpen] = useState(false);
  const isShort = text.length <= longest && !text.includes("\n");
  const words = marked ? <Parts marked={marked} /> : text;
  if (isShort) return words;
  const cut = marked ? <Parts marked={bringIntoSight(marked)} /> : text.slice(0, 200);
  return (
    <>
      <button
        type="button"
        className="cell-long"
        title="Read all of it"
        onClick={() => setIsOpen(true)}
      >
        {cut}
      </button>
      {isOpen && (
        <Dialog title={title} onClose={() => setIsOpen(false)} confirm={null} dismiss="Close">
          <pre className="whole">{words}</pre>
        </Dialog>
      )}
    </>
  );
};

const Parts = ({ marked: { before, guilty, after, missing } }: { marked: Marked }) => (
  <>
    {before}
    {guilty && <mark>{guilty}</mark>}
    {missing && <mark className="mark-missing">{missing}</mark>}
    {after}
  </>
);

import { useState } from "react";
import type { CellValue } from "../../../protocol/datasets.ts";
import { Dialog } from "../ui/dialog.tsx";

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

export const Text = ({ title, text }: { title: string; text: string }) => {
  const [isOpen, setIsOpen] = useState(false);
  if (text.length <= longest && !text.includes("\n")) return text;
  return (
    <>
      <button
        type="button"
        className="cell-long"
        title="Read all of it"
        onClick={() => setIsOpen(true)}
      >
        {text.slice(0, 200)}
      </button>
      {isOpen && (
        <Dialog title={title} onClose={() => setIsOpen(false)} confirm={null} dismiss="Close">
          <pre className="whole">{text}</pre>
        </Dialog>
      )}
    </>
  );
};

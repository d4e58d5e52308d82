import { useState } from "react";
import type { Column } from "../../../protocol/datasets.ts";
import type { RecordCondition } from "../../../protocol/record-queries.ts";
import { mostConditions } from "../place/question.ts";
import { Choice } from "../ui/choice.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { readConditions, type Typed, type TypedErrors } from "./read-conditions.ts";
import { type Ask, asksOf, takesValue } from "./words.ts";

type Props = {
  columns: Column[];
  /** the column that is looked at; the first one if left out */
  first?: string | undefined;
  taken: number;
  onAdd: (conditions: RecordCondition[]) => void;
  onClose: () => void;
};

const nothing: Typed = { value: "", least: "", most: "" };

/** Asks for one condition, in the terms that suit its column. */
export const FilterDialog = ({ columns, first, taken, onAdd, onClose }: Props) => {
  const [name, setName] = useState(first ?? columns[0]?.name ?? "");
  const [wanted, setWanted] = useState<Ask>("contains");
  const [typed, setTyped] = useState(nothing);
  const [errors, setErrors] = useState<TypedErrors>({});
  const column = columns.find((one) => one.name === name) ?? columns[0];
  if (!column) return null;
  const asks = asksOf(column.type);
  const ask = asks.find(([one]) => one === wanted)?.[0] ?? asks[0]?.[0] ?? "empty";

  const change = (part: Partial<Typed>) => {
    setTyped({ ...typed, ...part });
    setErrors({});
  };
  const add = () => {
    const read = readConditions(column, ask, typed);
    const isTooMuch = taken + read.conditions.length > mostConditions;
    const words = `${mostConditions} filters at most: remove one first`;
    if (isTooMuch) return setErrors({ [ask === "range" ? "least" : "value"]: words });
    if (Object.keys(read.errors).length > 0) return setErrors(read.errors);
    onAdd(read.conditions);
    return onClose();
  };
  return (
    <Dialog
      title="Show only rows where"
      onClose={onClose}
      confirm={{ label: "Add filter", onConfirm: add }}
      dismiss="Leave as it is"
    >
      <div className="filter-pair">
        <Choice
          label="Column"
          value={column.name}
          options={columns.map((one) => [one.name, one.name])}
          onChange={setName}
        />
        <Choice label="Condition" value={ask} options={asks} onChange={setWanted} />
      </div>
      <Values column={column} ask={ask} typed={typed} errors={errors} onChange={change} />
    </Dialog>
  );
};

type ValuesProps = {
  column: Column;
  ask: Ask;
  typed: Typed;
  errors: TypedErrors;
  onChange: (part: Partial<Typed>) => void;
};

const hints: Partial<Record<Column["type"], string>> = {
  string: "Upper and lower case count",
  date: "A day such as 2025-03-31, with or without a time (UTC)",
};

const Values = ({ column, ask, typed, errors, onChange }: ValuesProps) => {
  const field = (part: keyof Typed, label: string, hint?: string) => (
    <Field
      label={label}
      value={typed[part]}
      error={errors[part]}
      hint={hint}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      onChange={(event) => onChange({ [part]: event.target.value })}
    />
  );
  if (!takesValue(ask))
    return errors.value ? <p className="note note-bad">{errors.value}</p> : null;
  if (ask !== "range")
    return field(
      "value",
      "Value",
      ask === "contains" ? "Upper and lower case are the same" : hints[column.type],
    );
  return (
    <div className="filter-pair">
      {field("least", "From", hints[column.type])}
      {field("most", "To", "Both ends count; either may be left out")}
    </div>
  );
};

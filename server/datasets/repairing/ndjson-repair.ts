import { toMisfit } from "../parsing/declared.ts";
import { kinds } from "../parsing/ndjson-row.ts";
import { createNdjsonRows } from "../parsing/ndjson-rows.ts";
import { type Rejection, rejections } from "../parsing/rows.ts";
import type { Place, PlannedColumn } from "../parsing/seam.ts";
import type { Window } from "../parsing/window.ts";
import { joinMembers, listMembers, type Member, readObject, valueText } from "./json-object.ts";
import { type FoundRow, metaNames, type Step, toRow } from "./seam.ts";

type Content = Pick<FoundRow, "text" | "rejection">;

/** The rows of an NDJSON repair file from `from` on, where the window begins, each as a line of the source. */
export async function* readNdjsonRepair(
  window: Window,
  from: Place,
  columns: PlannedColumn[],
): AsyncGenerator<Step> {
  const check = createCheck(columns);
  const rows = createNdjsonRows(window, from);
  for (let step = rows.next(); step !== "end"; step = rows.next()) {
    if (step === "more") await rows.fill();
    else yield { found: read(), end: { ...rows.place } };
  }

  function read(): FoundRow {
    const { line, rejection, raw, whole } = rows.found;
    if (rejection) return { line, ...readDamaged(whole ?? raw), rejection };
    const { bytes } = window;
    const members = listMembers(rows.row, bytes);
    const meta = metaNames.map((name) => members.find((one) => one.name === name));
    const own = members.filter((one) => !meta.includes(one));
    const [place] = meta;
    const row = place ? toRow(valueText(bytes, place).replace(/^"(.*)"$/, "$1")) : null;
    const [only] = own;
    const isText = own.length === 1 && only?.name === "raw" && only.kind === kinds.string;
    return { row, line, ...(isText ? checkText(valueText(bytes, only)) : check(bytes, own)) };
  }

  /** `raw`, the text of a row that was none, which somebody has mended there. */
  function checkText(json: string): Content {
    const text: string = JSON.parse(json);
    const one = toOneLine(text);
    if (one === null) return { text, rejection: rejections.json };
    const bytes = Buffer.from(one);
    const members = readObject(bytes);
    return members ? check(bytes, members, one) : { text: one, rejection: null };
  }
}

/** Checks what makes no difference to a first import: names that are no columns, and columns of numbers as text. */
function createCheck(columns: PlannedColumn[]) {
  const byName = new Map(columns.map((column) => [column.name, column]));
  return (bytes: Buffer, given: Member[], asGiven?: string): Content => {
    const members = given.filter(({ name }) => byName.has(name) || !metaNames.includes(name));
    const isAll = asGiven !== undefined && members.length === given.length;
    const text = isAll ? asGiven : joinMembers(bytes, members);
    for (const { name, kind } of members) {
      const column = byName.get(name);
      const rejection = column ? misfitOf(column, kind) : toUnknown(name);
      if (rejection) return { text, rejection };
    }
    return { text, rejection: null };
  };
}

/** A column whose texts are numbers goes out again as numbers: nothing else may be among them. */
const misfitOf = (column: PlannedColumn, kind: number): Rejection | null =>
  column.numeric && kind !== kinds.number && kind !== kinds.null
    ? toMisfit({ ...column, type: "number" })
    : null;

const toUnknown = (name: string): Rejection => ({
  code: "column_count",
  column: name,
  message: "The dataset has no column of this name",
});

/** As a line of a file, where line ends can only be blanks between tokens; null if it is no JSON, or nothing. */
function toOneLine(text: string): string | null {
  if (text.trim() === "") return null;
  if (!text.includes("\n")) return text;
  try {
    JSON.parse(text);
    return text.replaceAll("\n", " ");
  } catch {
    return null;
  }
}

/** What can be told of a line that is refused. */
function readDamaged(text: string): Pick<FoundRow, "row" | "text"> {
  try {
    const { _row, _code, _message, ...own } = JSON.parse(text);
    const isText = Object.keys(own).length === 1 && typeof own.raw === "string";
    return { row: toRow(String(_row)), text: isText ? own.raw : text };
  } catch {
    const [, digits = ""] = /^\s*\{\s*"_row"\s*:\s*"?(\d{1,15})\b/.exec(text) ?? [];
    return { row: toRow(digits), text };
  }
}

import { readInstant } from "../../../server/datasets/parsing/csv-dates.ts";
import { isSameNumber } from "../../../server/datasets/parsing/numbers.ts";
import type { PlannedColumn } from "../../../server/datasets/parsing/seam.ts";
import { type Member, readMembers, readString } from "./ndjson-members.ts";

const messages: Partial<Record<PlannedColumn["type"], string>> = {
  integer: "Not a whole number",
  number: "Not a number that can be kept exactly",
  boolean: "Neither true nor false",
  date: "Not a date",
  json: "Not valid JSON",
};

export const misfitOf = ({ name, type }: PlannedColumn) =>
  ({ code: "type", column: name, message: messages[type] ?? "" }) as const;

/** Whether a CSV cell may stand in a column, by the letter of the protocol. */
export function fitsCell({ type, declared }: PlannedColumn, text: string): boolean {
  return !declared || text === "" || (type === "json" ? isJson(text) : isText(type, text));
}

/** As above, of a value of an NDJSON row. */
export function fitsMember({ type, declared }: PlannedColumn, { kind, source }: Member): boolean {
  if (!declared || kind === "null" || type === "json" || type === "string") return true;
  if (kind === "string") return isText(type, readString(source));
  if (kind === "boolean") return type === "boolean";
  if (kind !== "number") return false;
  return type === "number" ? isSameNumber(source) : type === "integer" && isInteger(source);
}

function isText(type: PlannedColumn["type"], text: string): boolean {
  if (type === "integer") return isInteger(text);
  if (type === "number") return isInteger(text) || isDecimal(text);
  if (type === "boolean") return /^(true|false)$/i.test(text);
  if (type !== "date") return true;
  const bytes = Buffer.from(text);
  return !Number.isNaN(readInstant(bytes, 0, bytes.length));
}

const isInteger = (text: string) =>
  /^(0|-?[1-9][0-9]*)$/.test(text) && Number.isSafeInteger(Number(text));

function isDecimal(text: string): boolean {
  const [, mantissa = ""] =
    /^-?((?:0|[1-9][0-9]*)(?:\.[0-9]+)?)(?:[eE][+-]?[0-9]+)?$/.exec(text) ?? [];
  if (mantissa === "" || /^-?[0-9]+$/.test(text)) return false;
  const digits = mantissa.replace(".", "").replace(/^0+/, "");
  return digits.length <= 15 && isSameNumber(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
  } catch {
    return false;
  }
  return readMembers(`{"x":${text}}`) instanceof Map;
}

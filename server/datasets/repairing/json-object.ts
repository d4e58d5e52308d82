import { findBadEscape } from "../parsing/ndjson-faults.ts";
import { createNdjsonRow, type NdjsonRow, nameEscape } from "../parsing/ndjson-row.ts";
import { tokeniseObject } from "../parsing/ndjson-tokeniser.ts";

/** A member of an object, where it stands in its bytes; `name` is unescaped, the others as written. */
export type Member = {
  name: string;
  nameStart: number;
  valueStart: number;
  valueEnd: number;
  nameEnd: number;
  kind: number;
};

const row = createNdjsonRow();

/** The members of an object that could be a row of NDJSON; null for anything else. The bytes must be UTF-8. */
export function readObject(bytes: Buffer): Member[] | null {
  if (!tokeniseObject(row, bytes, 0, bytes.length)) return null;
  if (row.hasUnicodeEscape && findBadEscape(bytes.toString())) return null;
  return listMembers(row, bytes);
}

/** The members that a tokenised row has found. */
export const listMembers = (of: NdjsonRow, bytes: Buffer): Member[] =>
  Array.from({ length: of.members }, (_, index) => {
    const nameStart = (of.names[2 * index] as number) - 1;
    const nameEnd = (of.names[2 * index + 1] as number) + 1;
    const isEscaped = ((of.escapes[index] as number) & nameEscape) !== 0;
    const name = isEscaped
      ? JSON.parse(bytes.toString("utf8", nameStart, nameEnd))
      : bytes.toString("utf8", nameStart + 1, nameEnd - 1);
    const [valueStart, valueEnd] = [of.values[2 * index], of.values[2 * index + 1]] as [
      number,
      number,
    ];
    return { name, nameStart, nameEnd, valueStart, valueEnd, kind: of.kinds[index] as number };
  });

export const valueText = (bytes: Buffer, { valueStart, valueEnd }: Member): string =>
  bytes.toString("utf8", valueStart, valueEnd);

/** An object of these members as they are written, in one line. */
export const joinMembers = (bytes: Buffer, members: readonly Member[]): string =>
  `{${members
    .map((one) => `${bytes.toString("utf8", one.nameStart, one.nameEnd)}:${valueText(bytes, one)}`)
    .join(",")}}`;

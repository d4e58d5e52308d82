import { isUtf8 } from "node:buffer";
import { cellText } from "../../../server/datasets/parsing/csv-header.ts";
import { createCsvRows } from "../../../server/datasets/parsing/csv-rows.ts";
import { maxRowBytes } from "../../../server/datasets/parsing/limits.ts";
import { type Rejection, rawText, rejections } from "../../../server/datasets/parsing/rows.ts";
import type {
  Plan,
  RecordDocument,
  RejectDocument,
} from "../../../server/datasets/parsing/seam.ts";
import { createWindow } from "../../../server/datasets/parsing/window.ts";
import { createCsvRecords } from "./csv-records.ts";
import { fitsCell, fitsMember, misfitOf } from "./declared.ts";
import { type Members, readMembers } from "./ndjson-members.ts";
import { toDocument } from "./ndjson-records.ts";

type Objects = { documents: RecordDocument[]; rejects: RejectDocument[] };

/** The rows of a planned file as JavaScript objects, made one by one and the slow way. */
export async function toObjects(file: Buffer, plan: Plan): Promise<Objects> {
  return plan.format === "csv" ? ofCsv(file, plan) : ofNdjson(file, plan);
}

async function ofCsv(file: Buffer, plan: Plan): Promise<Objects> {
  const { columns, delimiter = ",", start } = plan;
  async function* whole() {
    yield file.subarray(start.offset);
  }
  const window = createWindow(whole(), start.offset);
  const rows = createCsvRows(window, start, delimiter, columns.length);
  rows.expect(columns.length);
  const addRecord = createCsvRecords(rows, window, columns);
  const documents: RecordDocument[] = [];
  const rejects: RejectDocument[] = [];
  for (let step = rows.next(); step !== "end"; step = rows.next()) {
    const { number, line, rejection, raw, whole } = rows.found;
    if (step === "more") await rows.fill();
    else if (rejection) {
      rejects.push({
        _id: number,
        line,
        ...rejection,
        raw,
        ...(whole !== null && { text: whole }),
      });
    } else {
      const { cells } = rows;
      const texts = columns.map((_, index) => cellText(cells, window.bytes, index));
      const misfit = columns.find((column, index) => !fitsCell(column, texts[index] ?? ""));
      const bytes = window.bytes.subarray(cells.start, cells.end);
      if (misfit) rejects.push({ _id: number, line, ...misfitOf(misfit), ...textsOf(bytes) });
      else addRecord(documents);
    }
  }
  return { documents, rejects };
}

function ofNdjson(file: Buffer, plan: Plan): Objects {
  const documents: RecordDocument[] = [];
  const rejects: RejectDocument[] = [];
  let row = 0;
  let line = 0;
  for (let at = plan.start.offset; at < file.length; ) {
    const found = file.indexOf(10, at);
    const isWhole = found >= 0;
    const stop = isWhole ? found : file.length;
    const text = file.subarray(at, isWhole && stop > at && file[stop - 1] === 13 ? stop - 1 : stop);
    line += 1;
    if (!isBlank(file.subarray(at, stop))) {
      row += 1;
      const read = readRow(text, plan);
      if (read instanceof Map) documents.push(toDocument(row, read, plan.columns));
      else {
        const { raw, ...whole } = textsOf(text);
        rejects.push({ _id: row, line, ...read, raw, ...(read.code !== "too_large" && whole) });
      }
    }
    at = stop + 1;
  }
  return { documents, rejects };
}

/** As it is shown, and whole where it may have been cut. */
function textsOf(bytes: Buffer): Pick<RejectDocument, "raw" | "text"> {
  const raw = rawText(bytes, 0, bytes.length);
  return { raw, ...(raw.length >= 4_095 && { text: bytes.toString() }) };
}

const isBlank = (bytes: Buffer): boolean => /^[ \t\r]*$/.test(bytes.toString("latin1"));

function readRow(line: Buffer, { columns }: Plan): Members | Rejection {
  if (line.length > maxRowBytes) return rejections.tooLarge;
  if (!isUtf8(line)) return rejections.notUtf8;
  if (line.includes(0)) return rejections.nul;
  const members = readMembers(line.toString());
  if (!(members instanceof Map)) return members;
  for (const [name, member] of members) {
    const column = columns.find((planned) => planned.name === name);
    if (column && !fitsMember(column, member)) return misfitOf(column);
  }
  return members;
}

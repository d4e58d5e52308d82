import { Readable } from "node:stream";

export const header = "id,name,email,city,amount,quantity,active,created,notes,code,score,ratio\n";

const names = ["Ann", "Bob", "Chloé", "Dmitri", "Eve", "Fatima", "Grace", "Hiro"];
const cities = ["Lagos", "Lima", "Lyon", "Łódź", "Osaka", "Oslo", "Porto", "Pune", "Quito"];

type Cell = string | number | boolean;

/** The 12 cells of a row, the same in every run: strings, integers, decimals, booleans and days. */
export function cellsOf(row: number): Cell[] {
  const mixed = Math.imul(row, 2_654_435_761) >>> 0;
  const name = names[mixed % names.length] ?? "";
  const day = `2024-${pad((mixed % 12) + 1)}-${pad((mixed % 28) + 1)}`;
  return [
    row,
    `${name} ${mixed % 9973}`,
    `${name.length}person${row}@example.com`,
    cities[mixed % cities.length] ?? "",
    (mixed % 1_000_000) / 100,
    mixed % 50,
    mixed % 2 === 0,
    day,
    `left at the door of house ${mixed % 1000}`,
    `C${mixed % 99_991}`,
    mixed % 101,
    ((mixed % 8999) + 1000) / 10_000,
  ];
}

const pad = (n: number): string => String(n).padStart(2, "0");

/** A CSV file of so many rows, as a stream of chunks of about 256 KiB. */
export function csvOfRows(rows: number): Readable {
  return Readable.from(chunks(csv, (row) => row > rows));
}

/** A CSV file of about so many bytes, ending with a whole row. */
export function csvOfBytes(bytes: number): Readable {
  return Readable.from(chunks(csv, (_row, written) => written >= bytes));
}

/** The same rows as an NDJSON file. */
export function ndjsonOfRows(rows: number): Readable {
  return Readable.from(chunks(ndjson, (row) => row > rows));
}

type Form = { start: string; line: (cells: Cell[]) => string };

const csv: Form = { start: header, line: (cells) => cells.join(",") };

const columns = header.trim().split(",");
const ndjson: Form = {
  start: "",
  line: (cells) => JSON.stringify(Object.fromEntries(cells.map((cell, at) => [columns[at], cell]))),
};

type IsEnough = (row: number, written: number) => boolean;

function* chunks({ start, line }: Form, isEnough: IsEnough): Generator<Buffer> {
  let text = start;
  let written = 0;
  for (let row = 1; ; row++) {
    if (isEnough(row, written + text.length)) break;
    text += `${line(cellsOf(row))}\n`;
    if (text.length < 256 * 1024) continue;
    written += text.length;
    yield Buffer.from(text);
    text = "";
  }
  yield Buffer.from(text);
}

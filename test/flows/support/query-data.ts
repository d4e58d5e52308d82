import type { Random } from "./random.ts";

/** Pieces that sort, fold and escape in ways that are easily got wrong. */
const pieces = [
  ...[
    "a",
    "A",
    "b",
    "Zz",
    "é",
    "É",
    "e\u0301",
    "ß",
    "ss",
    "Σ",
    "σ",
    "ς",
    "\ufffd",
    "😀",
    "𐐷",
    "日本",
  ],
  ...[
    " ",
    ".",
    "*",
    "a.b",
    "(",
    "[x]",
    "^",
    "$",
    "\\",
    "|",
    "{2}",
    "-1",
    "007",
    "0.5",
    "null",
    "true",
  ],
];
const zones = ["", "Z", "+02:00", "-11:30"];

const twoDigits = (n: number) => String(n).padStart(2, "0");

/** Makes cells, each kind with many ties and many that are empty (null). */
export function createCells(random: Random) {
  const { below, pick, many } = random;
  const orNull = <T>(make: () => T) => (below(5) === 0 ? null : make());
  const text = () => many(below(4), () => pick(pieces)).join("");
  const integer = () => pick([0, -1, 7, below(50), -below(1e6), 2 ** 31, 2 ** 53 - 1, 1 - 2 ** 53]);
  const number = () => pick([integer(), below(100) / 8, -below(1000) / 16, 1e21, 1.5e-7]);
  const day = () =>
    `${pick(["1999", "2024"])}-${twoDigits(1 + below(3))}-${twoDigits(1 + below(3))}`;
  const time = () => pick(["00:00", `${twoDigits(below(24))}:30`, "12:00:00", "23:59:59.999"]);
  const date = () =>
    below(3) === 0 ? day() : `${day()}${pick(["T", " "])}${time()}${pick(zones)}`;
  const boolean = () => below(2) === 0;
  return { orNull, text, integer, number, date, boolean };
}

/** Names that are traps in JavaScript and MongoDB. */
export const hostileNames = ["$where", "__proto__", "a.b", "constructor", "c0", "plain text"];

const quoted = (cell: unknown) => (cell === null ? "" : `"${String(cell).replaceAll('"', '""')}"`);

/** A CSV file with a column of each type that CSV knows. */
export function makeTypedCsv(random: Random, rows: number): string {
  const { orNull, text, integer, number, date, boolean } = createCells(random);
  const first = ["x", 1, 1.5, "2024-01-01", true, "y"];
  const row = () =>
    [text, integer, number, date, boolean, text].map((make) => orNull<unknown>(make));
  const lines = [first, ...random.many(rows - 1, row)];
  const header = hostileNames.map(quoted).join(",");
  return `${header}\n${lines.map((cells) => cells.map(quoted).join(",")).join("\n")}\n`;
}

/** An NDJSON file, where keys may be missing, null or an empty text; one column is `json`. */
export function makeTypedNdjson(random: Random, rows: number): string {
  const { orNull, text, integer, number, boolean } = createCells(random);
  const makers = [text, integer, number, boolean, () => random.pick([1, "a", [1], {}])];
  const line = () => {
    const present = makers.map((make, i) => [hostileNames[i], orNull<unknown>(make)] as const);
    const members = present.filter(() => random.below(6) > 0);
    return `{${members.map(([name, cell]) => `${JSON.stringify(name)}:${JSON.stringify(cell)}`)}}`;
  };
  const first = `{"$where":"x","__proto__":1,"a.b":1.5,"constructor":true,"c0":[]}`;
  return `${[first, `{"c0":1}`, ...random.many(rows - 2, line)].join("\n")}\n`;
}

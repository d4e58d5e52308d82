const hostile = ["__proto__", "$where", "a.b", "constructor", ""];

/** Rows of every type, a few of them broken; names that no query may trip over. */
export function sampleCsv(rows: number): string {
  const lines = [`id,text,ratio,day,flag,${hostile.join(",")}`];
  for (let i = 1; i <= rows; i += 1) {
    const day = `2024-01-0${1 + (i % 9)}`;
    const cells = [i, `text ${i % 50}`, i / 8, day, i % 2 === 0, "x", "y", "z", `é${i % 3}`, ""];
    lines.push(i % 97 === 0 ? "broken" : cells.join(","));
  }
  return `${lines.join("\n")}\n`;
}

/** As above with values that no cell of a CSV file holds. */
export function sampleNdjson(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const more = i % 3 === 0 ? { json: { a: [i] } } : { json: [1, "a"] };
    return i % 50 === 7
      ? "{broken"
      : JSON.stringify({ id: i, text: `é${i}`, flag: i % 2 > 0, ...more });
  });
  return `${lines.join("\n")}\n`;
}

/** By what they hold. */
export const columnsOfCsv = {
  texts: ["text", ...hostile.slice(0, -1)],
  numbers: ["id", "ratio"],
  days: ["day"],
  flags: ["flag"],
};
export const columnsOfNdjson: typeof columnsOfCsv = {
  texts: ["text"],
  numbers: ["id"],
  days: [],
  flags: ["flag"],
};
/** Of one or the other. */
export const columnNames = [
  ...["id", "text", "ratio", "day", "flag", "json", ...hostile],
  "column_10",
];

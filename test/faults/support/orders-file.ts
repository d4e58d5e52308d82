import type { CellValue, RejectCode } from "../../../protocol/datasets.ts";

const header = "id,product,price,day,paid,note";
const products = ["kettle", "lamp", "a chair, painted", 'the "big" pot', "größe 38"];

/** The ways in which rows are broken, one after the other. */
const breakages: { code: RejectCode; text: (row: number) => string }[] = [
  { code: "column_count", text: (row) => `${row},lamp,1.5` },
  { code: "column_count", text: (row) => `${row},lamp,1.5,2024-01-01,true,,one too many` },
  { code: "quote", text: (row) => `${row},"lamp"s,1.5,2024-01-01,true,` },
  { code: "encoding", text: (row) => `${row},la\0mp,1.5,2024-01-01,true,` },
];

const quote = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** What row `row` of an orders file holds, unless it is a broken one. */
export function orderOf(row: number): Record<string, CellValue> {
  return {
    id: row,
    product: products[row % products.length] ?? "",
    price: ((row * 7) % 9973) / 4,
    day: new Date(Date.UTC(2024, 0, 1 + (row % 700))).toISOString().slice(0, 10),
    paid: row % 3 === 0,
    note: row % 50 === 0 ? `first\nsecond of ${row}` : row % 2 === 0 ? null : `note ${row}`,
  };
}

/** A CSV file of `rows` orders, `broken` of them spread over the file and broken in known ways. */
export function createOrdersFile(rows: number, broken: number) {
  const every = Math.floor(rows / broken);
  const rejects: { row: number; line: number; code: RejectCode }[] = [];
  const texts = [header];
  let line = 2;
  for (let row = 1; row <= rows; row += 1) {
    const isBroken = row % every === 3 && rejects.length < broken;
    const breakage = isBroken ? breakages[rejects.length % breakages.length] : undefined;
    if (breakage) rejects.push({ row, line, code: breakage.code });
    const cells = Object.values(orderOf(row)).map((value) => quote(String(value ?? "")));
    const text = breakage?.text(row) ?? cells.join(",");
    texts.push(text);
    line += text.split("\n").length;
  }
  return { text: `${texts.join("\n")}\n`, rows, good: rows - rejects.length, rejects };
}

export type OrdersFile = ReturnType<typeof createOrdersFile>;

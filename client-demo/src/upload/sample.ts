const cities = ["Lisbon", "Oslo", "Nairobi", "Kyoto", "Québec", "Montevideo", "Gdańsk", "Hội An"];
const notes = [
  "",
  "left at the door",
  '"fragile", says the label',
  "second try, neighbour signed",
  "",
  "paid on delivery; the driver waited for a quarter of an hour, rang three times and took a picture of the gate",
];

const quote = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const goodRow = (row: number) => {
  const day = new Date(Date.UTC(2025, 0, 1 + (row % 365))).toISOString().slice(0, 10);
  const amount = (100 + ((row * 7_919) % 100_000)) / 100;
  const kilos = row % 11 === 0 ? "" : (1 + ((row * 37) % 400)) / 10;
  const note = notes[row % notes.length] ?? "";
  const cells = [
    100_000 + row,
    day,
    cities[row % cities.length],
    amount,
    kilos,
    row % 3 !== 0,
    note,
  ];
  return cells.map((cell) => quote(String(cell))).join(",");
};

/** Three ways a row goes wrong: a cell too few, a cell too many, text after a closing quote. */
const breakRow = (row: number) => {
  if (row % 3 === 0) return `${100_000 + row},2025-02-30`;
  if (row % 3 === 1) return `${goodRow(row)},one cell too many`;
  return `${100_000 + row},2025-03-01,"Porto"o,12.5,3,true,`;
};

const rows = 10_000;
const broken = 298;

/** A CSV file of 10,000 parcels, 298 of them broken and spread over the file. */
export const createSample = (): File => {
  const lines = ["parcel,sent,city,amount,kilos,insured,note"];
  for (let row = 1; row <= rows; row++) {
    const isBroken = Math.floor((row * broken) / rows) > Math.floor(((row - 1) * broken) / rows);
    lines.push(isBroken ? breakRow(row) : goodRow(row));
  }
  return new File([`${lines.join("\n")}\n`], "sample parcels.csv", { type: "text/csv" });
};

const cities = ["Lisbon", "Oslo", "Nairobi", "Kyoto", "Québec", "Montevideo", "Gdańsk", "Hội An"];
const notes = ["", "left at the door", "second try; the neighbour signed", "", "paid on delivery"];
const rows = 200_000;
const brokenEvery = 337;

/** @param {number} row */
function good(row) {
  const day = new Date(Date.UTC(2025, 0, 1 + (row % 365))).toISOString().slice(0, 10);
  const city = cities[row % cities.length];
  const amount = (1 + ((row * 7919) % 100_000) / 100).toFixed(2);
  const kilos = row % 11 === 0 ? "" : (0.1 + ((row * 37) % 400) / 10).toFixed(1);
  return [100_000 + row, day, city, amount, kilos, row % 3 !== 0, notes[row % notes.length]].join();
}

/** Parcels, one in 337 of them broken in one of three ways. */
export function createFile() {
  const lines = ["parcel,sent,city,amount,kilos,insured,note"];
  for (let row = 1; row <= rows; row += 1) {
    const turn = row % brokenEvery === 0 ? (row / brokenEvery) % 3 : null;
    if (turn === null) lines.push(good(row));
    if (turn === 0) lines.push(`${good(row)},one cell too many`);
    if (turn === 1) lines.push(`${100_000 + row},2025-03-01,"Porto"o,12.5,3,true,`);
    if (turn === 2) lines.push(`${100_000 + row},2025-02-28`);
  }
  return Buffer.from(`${lines.join("\n")}\n`);
}

import { parse } from "csv-parse/sync";
import type { Submitted } from "../../../protocol/jobs.ts";
import { orderOf } from "../../faults/support/orders-file.ts";
import type { Answer, TestClient } from "../../support/client.ts";

const pathOf = (datasetId: string) => `/api/v1/datasets/${datasetId}`;

export const download = (client: TestClient, datasetId: string, format = "csv", at?: string) =>
  client.call<string>(`${pathOf(datasetId)}/rejects.${format}`, {}, at);

type Options = { type?: string; headers?: Record<string, string>; at?: string; query?: string };

export const sendRepair = (
  client: TestClient,
  datasetId: string,
  body: string | Uint8Array<ArrayBuffer>,
  { type = "text/csv", headers = {}, at, query = "" }: Options = {},
): Promise<Answer<Submitted>> =>
  client.call<Submitted>(
    `${pathOf(datasetId)}/repairs${query}`,
    { method: "POST", body, headers: { "Content-Type": type, ...headers } },
    at,
  );

const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** A file of rejected orders with what each should have been, `isMended` says in which; somebody else's CSV. */
export function mendOrders(file: string, isMended: (row: number) => boolean = () => true): string {
  const cells: string[][] = parse(file, { relax_column_count: true });
  const mended = cells.map((row, i) => {
    const place = Number(row[0]);
    if (i === 0 || !isMended(place)) return row;
    const values = Object.values(orderOf(place)).map((value) => String(value ?? ""));
    return [row[0] ?? "", "", "mended", ...values];
  });
  return mended.map((row) => `${row.map(quote).join(",")}\n`).join("");
}

/** The rows of a file of rejected orders. */
export const rowsIn = (file: string): number[] =>
  (parse(file, { relax_column_count: true, from: 2 }) as string[][]).map(([row]) => Number(row));

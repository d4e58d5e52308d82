import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { createOrdersFile, orderOf } from "../faults/support/orders-file.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { type FrontDoor, openFrontDoor } from "./support/front-door.ts";
import { openTwoWindows } from "./support/two-windows.ts";
import { openBrowser } from "./support/windows.ts";

const file = createOrdersFile(3_000, 300);

let cluster: Cluster;
let door: FrontDoor;
let browser: Browser;
let one: Page;
let other: Page;
const faults: string[] = [];
beforeAll(async () => {
  cluster = await startCluster({ api: 2, workers: 1 });
  door = await openFrontDoor();
  browser = await openBrowser();
  const given = { cluster, door, browser, faults, text: file.text };
  ({ one, other } = await openTwoWindows(given, "2,700"));
});
afterAll(async () => {
  await browser?.close();
  await door?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
});

const quote = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** What a person's script makes of the file: each row as it should have been, but for the last few. */
function mend(text: string, leftOut: number): string {
  const [head, ...lines] = text.split("\n").filter((line) => line !== "");
  const mended = lines.map((line, index) => {
    const row = Number(/^\d+/.exec(line)?.[0]);
    const cells = Object.values(orderOf(row)).map((value) => quote(String(value ?? "")));
    return index >= lines.length - leftOut ? line : [row, "", "", ...cells].join(",");
  });
  return [head, ...mended, ""].join("\n");
}

async function download(): Promise<string> {
  const began = one.waitForEvent("download");
  await one.getByRole("button", { name: "Download to repair" }).click();
  const taken = await began;
  expect(taken.suggestedFilename()).toBe("orders rejects.csv");
  return readFile(await taken.path(), "utf8");
}

const upload = (text: string) =>
  one
    .getByLabel("Upload the repaired file")
    .setInputFiles({ name: "mended.csv", mimeType: "text/csv", buffer: Buffer.from(text) });

it("gives what didn't fit as a file, takes it mended, and tells every window what came of it", async () => {
  const [worker] = cluster.workers;
  await one.getByRole("link", { name: "Rejected 300" }).click();
  const file = await download();

  worker?.child.kill("SIGSTOP");
  await upload(mend(file, 2));
  const panel = one.getByRole("region", { name: "Import" });
  await panel.getByText("Repair: waiting for its turn").waitFor();
  worker?.child.kill("SIGCONT");
  await one.getByText(/^298 mended, 2 still don't fit/).waitFor();
  await one.getByText("rejects 1-2 of 2").waitFor();
  await other.getByRole("link", { name: "Rejected 2", exact: true }).waitFor();

  expect(file.split("\n")[0]).toBe("_row,_code,_message,id,product,price,day,paid,note");
  expect(file.trimEnd().split("\n")).toHaveLength(301);
});

it("leaves the rows that are read where they are until the mended ones are asked for", async () => {
  const table = other.getByRole("table", { name: "orders.csv" });
  await other.bringToFront();
  const before = await table.getByRole("rowheader").allTextContents();

  await other.getByRole("button", { name: "298 new rows" }).click();
  await other.getByText("rows 1-50 of 2,998").waitFor();
  const after = await table.getByRole("rowheader").allTextContents();

  expect(before.slice(0, 4)).toEqual(["1", "2", "4", "5"]);
  expect(after.slice(0, 4)).toEqual(["1", "2", "3", "4"]);
  await one.bringToFront();
});

it("mends the last two, and none is left", async () => {
  await upload(mend(await download(), 0));

  await one.getByText(/^2 mended · now 3,000 rows · 0 rejected/).waitFor();
  await one.getByText("Every row fits now.").waitFor();
  await one.getByRole("link", { name: "Rows 3,000" }).click();
  await one.getByText("rows 1-50 of 3,000").waitFor();

  expect(faults).toEqual([]);
});

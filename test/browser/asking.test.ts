import { afterAll, beforeAll, beforeEach, expect, it } from "@jest/globals";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { createOrdersFile, orderOf } from "../faults/support/orders-file.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { addFilter, readColumn } from "./support/asking.ts";
import { type FrontDoor, openFrontDoor } from "./support/front-door.ts";
import { chooseFile, createAccount, openBrowser, openWindow } from "./support/windows.ts";

const small = createOrdersFile(3_000, 4);
/** Over 20,000 rows a question needs an index. */
const large = createOrdersFile(21_000, 4);

let cluster: Cluster;
let door: FrontDoor;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const faults: string[] = [];
beforeAll(async () => {
  cluster = await startCluster({ api: 2, workers: 1 });
  door = await openFrontDoor();
  door.leadTo(cluster.url(0));
  browser = await openBrowser();
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await openWindow(context, door.url, faults);
  await createAccount(page);
  await chooseFile(page, "orders.csv", small.text);
  await page.getByText("Import finished", { exact: true }).waitFor();
});
beforeEach(async () => {
  await page.getByRole("link", { name: /^orders\.csv/ }).click();
  await page.getByText("rows 1-50 of 2,996").waitFor();
});
afterAll(async () => {
  await browser?.close();
  await door?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
});

const prices = Array.from({ length: 3_000 }, (_, index) => index + 1)
  .filter((row) => !small.rejects.some((reject) => reject.row === row))
  .map((row) => Number(orderOf(row).price));
const header = (name: string) => page.getByRole("columnheader", { name: new RegExp(`^${name} `) });
const cell = (value: number) =>
  page
    .getByRole("table")
    .getByRole("cell", { name: String(value), exact: true })
    .first();
const sortBy = (name: string) =>
  header(name).getByRole("button", { name: new RegExp(`^${name} `) });

it("sorts up, down and not at all as a header is clicked, by keyboard too", async () => {
  await sortBy("price").click();
  await page.locator('th[aria-sort="ascending"]').waitFor();
  await cell(Math.min(...prices)).waitFor();
  const up = await readColumn(page, "price");
  await page.keyboard.press("Enter");
  await page.locator('th[aria-sort="descending"]').waitFor();
  await cell(Math.max(...prices)).waitFor();
  const down = await readColumn(page, "price");
  await page.keyboard.press("Enter");
  await page.locator("th[aria-sort]").waitFor({ state: "detached" });

  const sorted = prices.toSorted((a, b) => a - b).map(String);
  expect(up.slice(0, 10)).toEqual(sorted.slice(0, 10));
  expect(down.slice(0, 10)).toEqual(sorted.reverse().slice(0, 10));
});

it("keeps filters, order and place in the address, for a reload and for a window on another node", async () => {
  await addFilter(page, "price", "is between", { From: "10", To: "400" });
  await addFilter(page, "product", "contains", { Value: "LAMP" });
  await sortBy("price").click();
  const fitting = Array.from({ length: 3_000 }, (_, index) => orderOf(index + 1)).filter(
    ({ product, price }) => product === "lamp" && Number(price) >= 10 && Number(price) <= 400,
  );
  await page.getByText(`${fitting.length} of 2,996 rows`, { exact: true }).waitFor();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText(`rows 51-100 of ${fitting.length}`).waitFor();
  const seen = await readColumn(page, "price");
  await page.reload();
  await page.getByText(`rows 51-100 of ${fitting.length}`).waitFor();
  door.leadTo(cluster.url(1));
  const other = await openWindow(context, page.url(), faults);
  await other.getByText(`rows 51-100 of ${fitting.length}`).waitFor();

  for (const window of [page, other])
    expect((await readColumn(window, "price")).slice(0, 10)).toEqual(seen.slice(0, 10));
  expect(
    await other
      .getByRole("list", { name: "Filters and order" })
      .getByRole("listitem")
      .allTextContents(),
  ).toEqual([
    "price at least 10×",
    "price at most 400×",
    "product contains “LAMP”×",
    "by price, ascending×",
  ]);
  await other.close();

  await page.getByRole("button", { name: "Remove: price at most 400" }).click();
  await page.getByRole("button", { name: "Remove: by price, ascending" }).click();
  await page.getByRole("button", { name: /^Remove: product/ }).click();
  await page.getByRole("button", { name: /^Remove: price/ }).click();
  await page.getByText("rows 1-50 of 2,996").waitFor();
});

it("says in words that no row is like that, and takes the filter away again", async () => {
  await addFilter(page, "product", "is exactly", { Value: "Lamp" });
  await page.getByText("No row where product is “Lamp”.").waitFor();

  await page.getByRole("button", { name: "Clear the filter" }).click();

  await page.getByText("rows 1-50 of 2,996").waitFor();
});

it("says beside the field, or above the table, what is wrong with a filter", async () => {
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByLabel("Column").selectOption("day");
  await page.getByLabel("From").fill("yesterday");
  await page.getByRole("button", { name: "Add filter" }).click();
  await page.getByText(/^A day looks like 2025-03-31/).waitFor();
  await page.keyboard.press("Escape");
  await page.evaluate(() => {
    location.hash = `${location.hash.split("?")[0]}?filter=[["weight","gte",5]]&sort=price`;
  });
  await page.getByText("The filter “weight at least 5” doesn't fit: it is no column.").waitFor();

  await page.getByRole("button", { name: "Show all rows" }).click();

  await page.getByText("rows 1-50 of 2,996").waitFor();
});

it("says that it prepares the first sort of a large dataset, and shows it once that is done", async () => {
  await chooseFile(page, "large.csv", large.text);
  await page.getByText("rows 1-50 of 20,996").waitFor();
  await page.getByText("Import finished", { exact: true }).waitFor();
  const [worker] = cluster.workers;

  worker?.child.kill("SIGSTOP");
  await sortBy("price").click();
  await page.getByText("Preparing to sort by price…").waitFor();
  const kept = await page.getByRole("table", { name: "large.csv" }).getByRole("row").count();
  worker?.child.kill("SIGCONT");
  await page.getByText("Preparing to sort by price…").waitFor({ state: "detached" });
  await page.locator('[aria-busy="false"]').waitFor();

  const sorted = await readColumn(page, "price");
  expect(kept).toBeGreaterThan(10);
  expect(sorted.slice(0, 3).map(Number)).toEqual(
    sorted
      .slice(0, 3)
      .map(Number)
      .toSorted((a, b) => a - b),
  );
  expect(Number(sorted[0])).toBeLessThan(1);
  expect(faults.filter((fault) => !fault.startsWith("WebSocket connection to"))).toEqual([]);
});

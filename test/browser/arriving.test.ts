import { afterAll, beforeAll, beforeEach, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { createOrdersFile } from "../faults/support/orders-file.ts";
import { openSlowLink, type SlowLink } from "../faults/support/slow-link.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import type { Process } from "../support/processes.ts";
import { chooseFile, createAccount, dropFile, openBrowser, openWindow } from "./support/windows.ts";

const file = createOrdersFile(30_000, 40);
/** Still arriving when a slow machine has found the way to stop it. */
const longFile = createOrdersFile(200_000, 40);

let cluster: Cluster;
let link: SlowLink;
let worker: Process;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  cluster = await startCluster({ api: 1, workers: 0 });
  link = await openSlowLink(cluster.settings.MONGODB_URI, 500_000);
  worker = await cluster.start("worker", 0, { MONGODB_URI: link.uri });
  browser = await openBrowser();
});
beforeEach(async () => {
  await page?.context().close();
  page = await openWindow(await browser.newContext(), cluster.url(), []);
  await createAccount(page);
});
afterAll(async () => {
  await browser?.close();
  // A transaction that a killed worker leaves open would hold up the end for a minute.
  await worker?.kill("SIGTERM");
  await cluster?.[Symbol.asyncDispose]();
  await link?.[Symbol.asyncDispose]();
});

const table = () => page.getByRole("table", { name: "orders.csv" });
const readTop = async () => (await page.getByRole("region", { name: /^Rows of/ }).boundingBox())?.y;

/** Waits until rows can be read while more of them arrive. */
async function startReading({ text } = file) {
  await chooseFile(page, "orders.csv", text);
  await page.getByRole("button", { name: /new rows$/ }).waitFor();
}

it("takes a file dropped anywhere in the window", async () => {
  await dropFile(page, "people.csv", "id,name\n1,Ann\n2,Bob\n");

  await page.getByText("rows 1-2 of 2").waitFor();

  const table = page.getByRole("table", { name: "people.csv" });
  const rows = await table.getByRole("row").allTextContents();
  expect(await table.locator(".head").allTextContents()).toEqual(["id integer", "name string"]);
  expect(rows.slice(1)).toEqual(["11Ann", "22Bob"]);
});

it("makes sample data of its own, and tells a screen reader how its import ended", async () => {
  await page.getByRole("button", { name: "Try it with sample data" }).click();

  const said = page.getByRole("status").getByText(/import finished/);
  await said.waitFor({ state: "attached" });

  expect(await said.textContent()).toBe("import finished, 9,702 rows, 298 rejected");
});

it("lets more rows wait while the first are read, and moves nothing when it ends", async () => {
  await startReading();
  const top = await readTop();
  const first = await table().getByRole("row").nth(1).textContent();
  const line = await page.getByRole("region", { name: "Import" }).textContent();

  await page.getByText("Import finished", { exact: true }).waitFor();
  await page.getByText("rows 1-50 of 29,960").waitFor();

  expect(line).toMatch(/Loading rows\d+ %Cancel import[\d,]+ rows/);
  expect(await table().getByRole("row").nth(1).textContent()).toBe(first);
  expect(await readTop()).toBe(top);
});

it("stops on demand and keeps the rows that are in", async () => {
  await startReading(longFile);

  await page.getByRole("button", { name: "Cancel import" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Cancel import" }).click();
  await page.getByRole("button", { name: /^Stop and keep/ }).click();
  await page.getByText(/^The import was stopped/).waitFor();

  expect(await table().getByRole("row").nth(1).textContent()).toMatch(/^11/);
  expect(await page.getByRole("button", { name: "Retry import" }).count()).toBe(1);
});

it("stops on demand and removes the rows that are in", async () => {
  await startReading(longFile);

  await page.getByRole("button", { name: "Cancel import" }).click();
  await page.getByRole("button", { name: "Stop and remove" }).click();

  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
});

it("grows its bar without motion for who asked for none", async () => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await startReading(longFile);

  const motion = await page
    .getByRole("progressbar", { name: "orders.csv" })
    .locator(".bar-fill")
    .evaluate((fill) => getComputedStyle(fill).transitionDuration);

  expect(motion).toBe("0s");
});

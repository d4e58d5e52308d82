import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { type Cluster, startCluster } from "../support/cluster.ts";
import {
  chooseFile,
  createAccount,
  holdSockets,
  openBrowser,
  openWindow,
} from "./support/windows.ts";

const long =
  "a text that is longer than what a cell can show, so that it has to be opened to be read";
const things = `id,price,note\n1,1.5,"${long}"\n2,,\n3,3.5,x,one too many\n4,"5"6,y\n5,5\n${"6,7.5,z\n".repeat(400)}`;
const names = Array.from({ length: 500 }, (_, index) => `column${index + 1}`);
const wide = `${names.join()}\n${`${names.map((_, index) => index + 1).join()}\n`.repeat(60)}`;

let cluster: Cluster;
let browser: Browser;
let page: Page;
const faults: string[] = [];
beforeAll(async () => {
  cluster = await startCluster({ api: 1, workers: 1 });
  browser = await openBrowser();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await openWindow(context, cluster.url(), faults);
  await createAccount(page);
});
afterAll(async () => {
  await browser?.close();
  await cluster?.[Symbol.asyncDispose]();
});

type Box = { x: number; width: number } | null;
const right = (box: Box) => (box ? box.x + box.width : Number.NaN);

/** Imports a file, and shows its first page. */
async function read(name: string, text: string) {
  await chooseFile(page, name, text);
  await page.getByRole("heading", { name }).waitFor();
  await page.getByText("Import finished", { exact: true }).waitFor();
  const table = page.getByRole("table", { name });
  await table.waitFor();
  return table;
}

it("shows rows under typed headers, a dash for nothing, and long text on demand", async () => {
  const table = await read("things.csv", things);
  const rows = table.getByRole("row");

  await table.getByRole("button", { name: long }).click();
  const whole = await page.getByRole("dialog").locator("pre").textContent();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });

  expect(await table.locator(".head").allTextContents()).toEqual([
    "id integer",
    "price number",
    "note string",
  ]);
  expect(await rows.nth(2).textContent()).toBe("22––");
  expect(whole).toBe(long);
  const align = (cell: Element) => getComputedStyle(cell).textAlign;
  expect(await rows.nth(1).getByRole("cell").nth(0).evaluate(align)).toBe("right");
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("BUTTON");
});

it("keeps its place in the address, and turns pages by key", async () => {
  await page.getByText("rows 1-50 of 402").waitFor();

  await page.keyboard.press("PageDown");
  await page.getByText("rows 51-100 of 402").waitFor();
  await page.keyboard.press("PageDown");
  await page.getByText("rows 101-150 of 402").waitFor();
  await page.reload();
  await page.getByText("rows 101-150 of 402").waitFor();
  await page.keyboard.press("PageUp");
  await page.getByText("rows 51-100 of 402").waitFor();
  await page.goBack();
  await page.getByText("rows 101-150 of 402").waitFor();
  await page.getByRole("button", { name: "First" }).click();
  await page.getByText("rows 1-50 of 402").waitFor();

  expect(faults).toEqual([]);
});

it("shows the first page where an address has a cursor that is no good", async () => {
  await page.evaluate(() => {
    location.hash = `${location.hash.split("?")[0]}?page=nonsense&from=101`;
  });

  await page.getByText("That page's address is no longer valid: here is the first page.").waitFor();
  await page.getByText("rows 1-50 of 402").waitFor();
  await page.getByRole("button", { name: "Dismiss" }).click();
});

it("shows a skeleton where the first load takes over 300 ms, and none before", async () => {
  const slow = await page.context().newPage();
  await slow.addInitScript(() => {
    new MutationObserver(() => {
      for (const name of ["side-loading", "skeleton"])
        if (document.querySelector(`.${name}`)) performance.mark(name);
    }).observe(document, { childList: true, subtree: true });
  });
  const letGo = await holdSockets(slow);

  await slow.goto(cluster.url());
  await slow.locator(".skeleton").waitFor();
  const readStart = (name: string) => performance.getEntriesByName(name)[0]?.startTime;
  const frame = await slow.evaluate(readStart, "side-loading");
  const skeleton = await slow.evaluate(readStart, "skeleton");
  letGo();
  await slow.getByRole("link", { name: /^things\.csv/ }).waitFor();

  // The page counts from a moment that lies just before the first mark.
  expect(Number(skeleton) - Number(frame)).toBeGreaterThan(250);
  expect(await slow.locator(".skeleton").count()).toBe(0);
  await slow.close();
});

it("shows what didn't fit, with its row, reason and text, and marks the place", async () => {
  await page.getByRole("link", { name: "Rejected 3" }).click();
  const table = page.getByRole("table", { name: "Rejected rows of things.csv" });
  await table.waitFor();

  const rows = await table.getByRole("row").allTextContents();
  const marks = await table.locator("mark").allTextContents();

  expect(rows.slice(1)).toEqual([
    "34Too few or too many cells4 cells instead of 33,3.5,x,one too many",
    '45Quotes that don\'t matchText follows a closing quote4,"5"6,y',
    "56Too few or too many cells2 cells instead of 35,51 cell missing",
  ]);
  expect(marks).toEqual([",one too many", "6", "1 cell missing"]);
});

it("shows the raw text of a reject inside the frame on a phone", async () => {
  const desk = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  const frame = page.getByRole("region", { name: "Rejected rows of things.csv" });
  const mark = frame.getByText("1 cell missing");
  await frame.getByText("line 6 · 2 cells instead of 3").waitFor();

  const outer = await frame.boundingBox();
  const inner = await mark.boundingBox();
  const reach = await frame.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  if (desk) await page.setViewportSize(desk);

  expect(reach).toBe(0);
  expect(right(inner)).toBeLessThan(right(outer));
});

it("holds no more cells of a wide table than fit, and reaches the others by scrolling", async () => {
  const table = await read("wide.csv", wide);
  const frame = page.getByRole("region", { name: "Rows of wide.csv" });
  const countCells = () => table.locator("tbody td").count();

  const before = await countCells();
  await frame.evaluate((element) => element.scrollTo(element.scrollWidth, element.scrollHeight));
  await table.getByRole("columnheader", { name: "column500" }).waitFor();
  await table.getByRole("rowheader", { name: "50", exact: true }).waitFor();

  expect(before).toBeGreaterThan(100);
  expect(before).toBeLessThan(800);
  expect(await countCells()).toBeLessThan(800);
  expect(await table.getAttribute("aria-colcount")).toBe("501");
  expect(await table.getByRole("row").last().getByRole("cell").last().textContent()).toBe("500");
});

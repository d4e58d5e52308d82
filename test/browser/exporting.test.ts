import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { Browser, Download, Page } from "playwright-core";
import { createOrdersFile, orderOf } from "../faults/support/orders-file.ts";
import { openProxy } from "../faults/support/proxy.ts";
import { throughProxy } from "../faults/support/slow-link.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import type { Process } from "../support/processes.ts";
import { addFilter } from "./support/asking.ts";
import { type FrontDoor, openFrontDoor } from "./support/front-door.ts";
import { openTwoWindows } from "./support/two-windows.ts";
import { openBrowser } from "./support/windows.ts";

const file = createOrdersFile(100_000, 4);

let cluster: Cluster;
let proxy: Awaited<ReturnType<typeof openProxy>>;
let worker: Process;
let door: FrontDoor;
let browser: Browser;
let one: Page;
let other: Page;
const faults: string[] = [];
beforeAll(async () => {
  cluster = await startCluster({ api: 2, workers: 0 });
  proxy = await openProxy(cluster.settings.MONGODB_URI);
  const uri = throughProxy(cluster.settings.MONGODB_URI, proxy.port);
  worker = await cluster.start("worker", 0, { MONGODB_URI: uri });
  door = await openFrontDoor();
  browser = await openBrowser();
  const given = { cluster, door, browser, faults, text: file.text };
  ({ one, other } = await openTwoWindows(given, "99,996"));
});
afterAll(async () => {
  await browser?.close();
  await door?.[Symbol.asyncDispose]();
  await worker?.kill("SIGTERM");
  await cluster?.[Symbol.asyncDispose]();
  await proxy?.[Symbol.asyncDispose]();
});

const openDialog = (page: Page) => page.getByRole("button", { name: /^Export/ }).click();
const start = () =>
  one.getByRole("dialog").getByRole("button", { name: "Export", exact: true }).click();

async function save(page: Page): Promise<Download> {
  const began = page.waitForEvent("download");
  await page.getByRole("dialog").getByRole("link", { name: "Download" }).first().click();
  return began;
}

it("exports all rows, as they stood in the source, and shows how far it is in two windows", async () => {
  await openDialog(one);
  const words = await one.getByText("99,996 rows, in the order of the file.").textContent();
  await one.getByLabel("Exactly as in the source").check();
  proxy.toServer.set({ bytesPerSecond: 600_000 });
  await start();
  await one.getByText(/^[1-9][\d,]+ of 99,996 rows/).waitFor();
  worker.child.kill("SIGSTOP");
  await other.bringToFront();
  await other.getByRole("button", { name: /^Exporting, \d+ %$/ }).waitFor();
  worker.child.kill("SIGCONT");
  proxy.toServer.set({ bytesPerSecond: Number.POSITIVE_INFINITY });
  await openDialog(other);
  await other.getByRole("dialog").getByRole("link", { name: "Download" }).waitFor();
  await one.bringToFront();
  const taken = await save(one);

  const good = file.text
    .split(/\n(?=\d+,)/)
    .filter((_, index) => !file.rejects.some(({ row }) => row === index));
  expect(words).not.toBeNull();
  expect(await readFile(await taken.path(), "utf8")).toBe(good.join("\n"));
});

it("exports what is shown, filtered and sorted, and says so in words", async () => {
  await one.keyboard.press("Escape");
  await other.keyboard.press("Escape");
  await addFilter(one, "product", "is exactly", { Value: "lamp" });
  await addFilter(one, "price", "is between", { To: "100" });
  await one
    .getByRole("columnheader", { name: /^price / })
    .getByRole("button")
    .first()
    .click();
  const fitting = Array.from({ length: 100_000 }, (_, index) => orderOf(index + 1))
    .filter(({ id }) => !file.rejects.some(({ row }) => row === id))
    .filter(({ product, price }) => product === "lamp" && Number(price) <= 100);
  await one.getByText(`${fitting.length} of 99,996 rows`, { exact: true }).waitFor();

  await openDialog(one);
  await one
    .getByRole("dialog")
    .getByText(
      `${fitting.length} of 99,996 rows, filtered by product is “lamp” and price at most 100, sorted by price, ascending.`,
    )
    .waitFor();
  await one.getByLabel("NDJSON").check();
  await one.getByLabel("Packed with gzip").check();
  await start();
  const name = one.getByRole("dialog").getByText(/\.ndjson\.gz$/);
  await name.waitFor();
  const taken = await save(one);

  const packed = await readFile(await taken.path());
  const rows = gunzipSync(packed)
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const prices = fitting.map(({ price }) => Number(price)).toSorted((a, b) => a - b);
  expect(rows.map(({ price }) => price)).toEqual(prices);
  await one.keyboard.press("Escape");
});

it("tells of an export that ends while one looks elsewhere, and stops one on demand", async () => {
  await one.getByRole("button", { name: "Remove: price at most 100" }).click();
  await openDialog(one);
  await start();
  await one.keyboard.press("Escape");
  await one.getByRole("link", { name: "Sluice" }).click();
  const notice = one.getByRole("alert").getByText(/^orders\.csv is exported, [\d,]+ rows$/);
  await notice.waitFor();
  await one.getByRole("link", { name: /^orders\.csv/ }).click();
  await openDialog(one);
  const before = await one.getByRole("dialog").getByRole("listitem").count();
  worker.child.kill("SIGSTOP");
  await start();
  await one.getByRole("button", { name: "Cancel export" }).click();
  await one.getByRole("button", { name: "Cancel export" }).waitFor({ state: "detached" });
  worker.child.kill("SIGCONT");

  expect(await one.getByRole("dialog").getByRole("listitem").count()).toBe(before);
  expect(faults).toEqual([]);
});

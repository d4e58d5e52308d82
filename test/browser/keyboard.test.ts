import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { goodPassword } from "../support/client.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { readFocus, tabTo } from "./support/keyboard.ts";
import { openBrowser, openWindow } from "./support/windows.ts";

let cluster: Cluster;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  cluster = await startCluster({ api: 1, workers: 1 });
  browser = await openBrowser();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await openWindow(context, cluster.url(), []);
});
afterAll(async () => {
  await browser?.close();
  await cluster?.[Symbol.asyncDispose]();
});

/** Goes there by Tab and presses Enter. */
async function enter(name: string | RegExp) {
  await tabTo(page, name);
  await page.keyboard.press("Enter");
}

it("takes somebody from a new account to the rejects by keyboard, the focus seen all the way", async () => {
  await page.getByLabel("Email").waitFor();
  await tabTo(page, "email");
  await page.keyboard.type(`${randomBytes(6).toString("hex")}@example.com`);
  await tabTo(page, "password");
  await page.keyboard.type(goodPassword);
  await enter("Create account");
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();

  await enter("Try it with sample data");
  await page.getByText("Import finished", { exact: true }).waitFor();
  await enter("Sluice");
  await page.getByText("Open a dataset, or drop a file anywhere.").waitFor();
  await enter(/^sample parcels\.csv/);
  await page.getByText("rows 1-50 of 9,702").waitFor();
  await page.keyboard.press("PageDown");
  await page.getByText("rows 51-100 of 9,702").waitFor();
  await enter("Previous");
  await page.getByText("rows 1-50 of 9,702").waitFor();
  await enter("Rejected 298");
  await page.getByText("rejects 1-50 of 298").waitFor();
  await enter("Next");
  await page.getByText("rejects 51-100 of 298").waitFor();

  const reasons = await page.getByRole("table").getByRole("row").allTextContents();
  expect(reasons.join()).toContain("5 cells missing");
});

it("closes a dialog by Escape, and gives the focus back to where it was", async () => {
  await enter("Delete");
  await page.getByRole("dialog").waitFor();
  const inside = await readFocus(page);

  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });

  expect(inside.name).toBe("Keep it");
  expect(await readFocus(page)).toMatchObject({ name: "Delete", isSeen: true });
});

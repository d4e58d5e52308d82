import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { findViolations } from "./support/axe.ts";
import { type FrontDoor, openFrontDoor } from "./support/front-door.ts";
import { chooseFile, createAccount, openBrowser, openWindow, readNode } from "./support/windows.ts";

const long = "a text that is longer than a cell can show so that it has to be opened to be read";
const mixed = `id,price,note\n1,1.50,${long}\n2,,\n3,4,x,too many\n4,"5"6,y\n${"7,8,z\n".repeat(60)}`;

let cluster: Cluster;
let door: FrontDoor;
let browser: Browser;

beforeAll(async () => {
  cluster = await startCluster({ api: 1, workers: 1 });
  door = await openFrontDoor();
  door.leadTo(cluster.url());
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await door?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
});

/** Walks through the states of the page; `look` is called in each. */
async function walk(page: Page, look: (state: string) => Promise<void>): Promise<void> {
  await look("sign in");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText("15 characters or more; 10 to go").waitFor();
  await look("sign in, refused");
  await createAccount(page);
  await look("empty");

  const [worker] = cluster.workers;
  worker?.child.kill("SIGSTOP");
  await chooseFile(page, "mixed.csv", mixed);
  await page.getByRole("button", { name: "Cancel import" }).click();
  await page.getByRole("dialog").waitFor();
  await look("arriving, asked whether to stop");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await look("arriving");
  worker?.child.kill("SIGCONT");
  await page.getByText("Import finished", { exact: true }).waitFor();
  await page.getByRole("table").waitFor();
  await look("there");

  await page.getByRole("button", { name: long }).click();
  await page.getByRole("dialog").waitFor();
  await look("there, a long text open");
  await page.keyboard.press("Escape");
  for (const name of ["Rename", "Delete"]) {
    await page.getByRole("button", { name, exact: true }).click();
    await page.getByRole("dialog").waitFor();
    await look(`there, ${name}`);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  await page.getByRole("link", { name: /^Rejected/ }).click();
  await page.getByRole("table", { name: /^Rejected rows/ }).waitFor();
  await look("what didn't fit");

  await chooseFile(page, "empty.csv", "");
  await page.getByText("The import failed").waitFor();
  await look("failed");
  await page.goto(`${door.url}/#/datasets/AAAAAAAAAAAAAAAAAAAAAA`);
  await page.getByText("There is no such dataset").waitFor();
  await look("no such dataset");
  await page.getByRole("link", { name: "Back to the datasets" }).click();
  await page.getByRole("link", { name: "mixed.csv" }).waitFor();
  await look("the list");
  door.leadTo(null);
  await readNode(page, "live");
  door.cut();
  await readNode(page, "reconnecting");
  await look("cut off");
  door.leadTo(cluster.url());
  await readNode(page, "live");
}

describe.each(["light", "dark"] as const)("the page in %s", (colorScheme) => {
  it.each([
    ["a desk", 1440, 900],
    ["a phone", 390, 844],
  ])("has no fault that axe knows in any state, on %s", async (_what, width, height) => {
    const context = await browser.newContext({ colorScheme, viewport: { width, height } });
    const page = await openWindow(context, door.url, []);
    const found: Record<string, string[]> = {};

    await walk(page, async (state) => {
      const violations = await findViolations(page);
      if (violations.length > 0) found[state] = violations;
    });
    await context.close();

    expect(found).toEqual({});
  });
});

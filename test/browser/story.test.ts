import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { createOrdersFile } from "../faults/support/orders-file.ts";
import { openSlowLink, type SlowLink } from "../faults/support/slow-link.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { type FrontDoor, openFrontDoor } from "./support/front-door.ts";
import {
  chooseFile,
  createAccount,
  openBrowser,
  openWindow,
  readNode,
  seeProgress,
} from "./support/windows.ts";

const file = createOrdersFile(30_000, 40);

/** Goes to the second page and back, and gives the first row of each. */
async function pageThrough(page: Page): Promise<(string | null)[]> {
  // A tab in the background is painted once a second, and a click waits for that.
  await page.bringToFront();
  const table = page.getByRole("table", { name: "orders.csv" });
  const rows = [];
  for (const [button, place] of [
    ["Next", "rows 51-100 of 29,960"],
    ["Previous", "rows 1-50 of 29,960"],
  ] as const) {
    await page.getByRole("button", { name: button }).click();
    await page.getByText(place).waitFor();
    rows.push(await table.getByRole("row").nth(1).textContent());
  }
  return rows;
}

describe("the page", () => {
  let cluster: Cluster;
  let link: SlowLink;
  let door: FrontDoor;
  let browser: Browser;
  beforeAll(async () => {
    cluster = await startCluster({ api: 2, workers: 0 });
    link = await openSlowLink(cluster.settings.MONGODB_URI, 300_000);
    await cluster.start("worker", 0, { MONGODB_URI: link.uri });
    door = await openFrontDoor();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await door?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
    await link?.[Symbol.asyncDispose]();
  });

  /** A context with a window on each node, signed in as a new account by the first. */
  async function openTwoWindows() {
    const faults: string[] = [];
    const context = await browser.newContext();
    door.leadTo(cluster.url(0));
    const one = await openWindow(context, door.url, faults);
    await createAccount(one);
    const nodes = [await readNode(one, "live")];
    door.leadTo(cluster.url(1));
    const other = await openWindow(context, door.url, faults);
    nodes.push(await readNode(other, "live"));
    return { one, other, nodes, faults };
  }

  it("shows an import live in two windows on two nodes, and its rows and rejects after", async () => {
    const { one, other, nodes, faults } = await openTwoWindows();

    await chooseFile(one, "orders.csv", file.text);
    await seeProgress(other, "orders.csv");
    await other.getByRole("link", { name: "orders.csv" }).click();
    for (const page of [one, other]) await page.getByText(/^29,960 rows in/).waitFor();
    const pages = [await pageThrough(one), await pageThrough(other)];
    await other.getByRole("link", { name: "Rejected 40" }).click();
    const rejects = other.getByRole("table", { name: "Rejected rows of orders.csv" });
    const first = await rejects.getByRole("row").nth(1).textContent();

    expect(nodes).toEqual([expect.stringContaining("api-0"), expect.stringContaining("api-1")]);
    expect(pages[0]).toEqual([expect.stringMatching(/^5252/), expect.stringMatching(/^11/)]);
    expect(pages[1]).toEqual(pages[0]);
    expect(first).toMatch(/^34Too few or too many cells/);
    expect(first).toContain("3,lamp,1.5");
    expect(faults).toEqual([]);
  });

  it("shows a new name and a deletion in the list of the other window as they happen", async () => {
    const { one, other, faults } = await openTwoWindows();
    await chooseFile(one, "few.csv", "id\n1\n2\n");
    await one.getByText("rows 1-2 of 2").waitFor();
    const listed = other.getByRole("list", { name: "Datasets" }).getByRole("link");
    await listed.filter({ hasText: "few.csv2 rows" }).waitFor();
    await one.bringToFront();

    await one.getByRole("button", { name: "Rename" }).click();
    await one.getByLabel("New name").fill("two.csv");
    await one.getByRole("button", { name: "Save name" }).click();
    await listed.filter({ hasText: "two.csv2 rows" }).waitFor();
    await one.getByRole("button", { name: "Delete" }).click();
    await one.getByRole("button", { name: "Delete for good" }).click();
    for (const page of [one, other])
      await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();

    expect(faults).toEqual([]);
  });

  it("signs every window out when one does", async () => {
    const { one, other, faults } = await openTwoWindows();

    await one.getByRole("button", { name: "Sign out" }).click();
    await other.getByText("You signed out in another window.").waitFor();

    for (const page of [one, other]) await page.getByRole("button", { name: "Sign in" }).waitFor();
    expect(faults).toEqual([]);
  });

  it("says that it goes on from the newest state where what was missed is gone", async () => {
    const { one } = await openTwoWindows();

    door.leadTo(null);
    door.cut();
    await readNode(one, "reconnecting");
    const logs = await cluster.redis.keys(`${cluster.settings.REDIS_PREFIX}:*:position`);
    await cluster.redis.unlink(logs);
    door.leadTo(cluster.url(1));

    await one.getByText("resumed from the newest state").waitFor();
  });

  it("keeps its rows when its node is killed, says for how long, and catches up at another", async () => {
    const { one, other, faults } = await openTwoWindows();
    await chooseFile(one, "orders.csv", file.text);
    const rows = one.getByRole("table", { name: "orders.csv" }).getByRole("row");
    await rows.first().waitFor();

    door.leadTo(null);
    await cluster.api[0]?.kill("SIGKILL");
    await readNode(one, "reconnecting");
    await seeProgress(other, "orders.csv");
    await one.getByText(/^reconnecting, \d+ s$/).waitFor();
    const kept = await rows.count();
    door.leadTo(cluster.url(1));
    await one.getByText(/^resumed, [1-9]\d* events? recovered$/).waitFor();
    const back = await readNode(one, "live");
    await one.getByText(/^29,960 rows in/).waitFor();

    expect(kept).toBeGreaterThan(10);
    expect(back).toContain("api-1");
    expect(faults.filter((fault) => !fault.startsWith("WebSocket connection to"))).toEqual([]);
  });
});

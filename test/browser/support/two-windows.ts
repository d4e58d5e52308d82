import type { Browser } from "playwright-core";
import type { Cluster } from "../../support/cluster.ts";
import type { FrontDoor } from "./front-door.ts";
import { chooseFile, createAccount, openWindow } from "./windows.ts";

type Given = {
  cluster: Cluster;
  door: FrontDoor;
  browser: Browser;
  faults: string[];
  text: string;
};

/** Imports `orders.csv` in one window, on one node, and shows its `rows` rows in another, on the other node. */
export async function openTwoWindows(
  { cluster, door, browser, faults, text }: Given,
  rows: string,
) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  door.leadTo(cluster.url(0));
  const one = await openWindow(context, door.url, faults);
  await createAccount(one);
  await chooseFile(one, "orders.csv", text);
  await one.getByText(new RegExp(`^${rows} rows in`)).waitFor();
  door.leadTo(cluster.url(1));
  const other = await openWindow(context, one.url(), faults);
  await other.getByText(`rows 1-50 of ${rows}`).waitFor();
  await one.bringToFront();
  return { one, other };
}

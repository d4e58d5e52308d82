import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { findViolations } from "./support/axe.ts";
import { type FrontDoor, openFrontDoor } from "./support/front-door.ts";
import { walkStates } from "./support/states.ts";
import { openBrowser, openWindow } from "./support/windows.ts";

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

describe.each(["light", "dark"] as const)("the page in %s", (colorScheme) => {
  it.each([
    ["a desk", 1440, 900],
    ["a phone", 390, 844],
  ])("has no fault that axe knows in any state, on %s", async (_what, width, height) => {
    const context = await browser.newContext({ colorScheme, viewport: { width, height } });
    const page = await openWindow(context, door.url, []);
    const found: Record<string, string[]> = {};

    await walkStates(page, { cluster, door }, async (page, state) => {
      const violations = await findViolations(page);
      if (violations.length > 0) found[state] = violations;
    });
    await context.close();

    expect(found).toEqual({});
  });
});

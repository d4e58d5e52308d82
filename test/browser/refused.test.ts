import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { goodPassword } from "../support/client.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { chooseFile, createAccount, openBrowser, openWindow } from "./support/windows.ts";

let cluster: Cluster;
let browser: Browser;
beforeAll(async () => {
  // No worker: the first job of an account stays unfinished, the second is over the limit.
  cluster = await startCluster({ api: 1, workers: 0, env: { LIMIT_JOBS: "1" } });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await cluster?.[Symbol.asyncDispose]();
});

const open = async () => openWindow(await browser.newContext(), cluster.url(), []);

const busy = { detail: "Not just now.", code: "unavailable", requestId: "r-1", retryAfter: 3 };

it.each([
  [
    "a proxy's",
    429,
    { "Retry-After": "12" },
    "",
    /^The server answered 429.+ Try again in 12 s\.$/,
  ],
  ["a node's", 503, {}, JSON.stringify(busy), "Not just now. Try again in 3 s. (request r-1)"],
])("says when to sign in again after %s refusal", async (_whose, status, headers, body, words) => {
  const page = await open();
  await page.route("**/api/v1/auth/login", (route) => route.fulfill({ status, headers, body }));

  await page.getByLabel("Email").fill("ann@example.com");
  await page.getByLabel("Password").fill(goodPassword);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText(words).waitFor();

  await page.context().close();
});

it("says when to try an upload again that was over a limit", async () => {
  const page = await open();
  await createAccount(page);
  await chooseFile(page, "one.csv", "id\n1\n");
  await page.getByRole("heading", { name: "one.csv" }).waitFor();

  await chooseFile(page, "two.csv", "id\n2\n");
  const refusal = page.getByText(/^You have 1 unfinished jobs/);
  await refusal.waitFor();

  expect(await refusal.textContent()).toMatch(/Try again in 5 s\. \(request [\w-]+\)$/);
  expect(await page.getByRole("button", { name: "Try again" }).count()).toBe(1);
  await page.context().close();
});

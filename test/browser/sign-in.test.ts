import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { createAccount, openBrowser, openWindow } from "./support/windows.ts";

let cluster: Cluster;
let browser: Browser;
beforeAll(async () => {
  cluster = await startCluster({ api: 1, workers: 0 });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await cluster?.[Symbol.asyncDispose]();
});

const open = async (url = cluster.url()) => openWindow(await browser.newContext(), url, []);

it("says beside the field what is wrong with it, and how far the password still has to go", async () => {
  const page = await open();

  await page.getByLabel("Email").fill("ann");
  await page.getByLabel("Password").fill("nine char");
  await page.getByRole("button", { name: "Create account" }).click();
  const email = page.getByRole("textbox", { name: "Email" });
  await page.getByText("15 characters or more; 6 to go").waitFor();
  await page.getByText("An email address looks like name@example.com").waitFor();

  expect(await email.getAttribute("aria-invalid")).toBe("true");
  expect(await email.getAttribute("autocomplete")).toBe("username");
  expect(await page.getByLabel("Password").getAttribute("autocomplete")).toBe("new-password");
  await page.context().close();
});

it("shows the password on demand", async () => {
  const page = await open();

  await page.getByLabel("Password").fill("a secret");
  await page.getByRole("button", { name: "Show" }).click();

  expect(await page.getByLabel("Password").getAttribute("type")).toBe("text");
  await page.context().close();
});

it("says that the session ran out when the token did", async () => {
  const node = await cluster.start("api", 1, { ACCESS_TOKEN_TTL: "4" });
  const page = await open(node.url ?? "");

  await createAccount(page);
  await page.getByText("You were signed in for as long as that lasts.").waitFor();

  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await page.context().close();
});

import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { goodPassword } from "../support/client.ts";
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

/** The name of what has the focus, and whether one can see that it has. */
const readFocus = (page: Page) =>
  page.evaluate(() => {
    const focused = document.activeElement;
    const frame = focused?.closest(".field-frame:focus-within");
    const outlines = [focused, frame].map((one) => (one ? getComputedStyle(one).outlineStyle : ""));
    const name = focused instanceof HTMLInputElement ? focused.name : focused?.textContent;
    return { name, isSeen: outlines.some((style) => style !== "none" && style !== "") };
  });

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

it("takes an account that is made with the keyboard alone, the focus seen at every step", async () => {
  const page = await open();
  await page.getByLabel("Email").waitFor();
  const steps = [];

  for (const text of [`${randomBytes(6).toString("hex")}@example.com`, goodPassword, "", "", ""]) {
    await page.keyboard.press("Tab");
    steps.push(await readFocus(page));
    if (text) await page.keyboard.type(text);
  }
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();

  expect(steps.map(({ name }) => name)).toEqual([
    "email",
    "password",
    "Show",
    "Sign in",
    "Create account",
  ]);
  expect(steps.every(({ isSeen }) => isSeen)).toBe(true);
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

it("quotes the request id of a failure of the server", async () => {
  const page = await open();
  await page.route("**/api/v1/auth/login", (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      body: JSON.stringify({ detail: "Try again soon", code: "unavailable", requestId: "r-1" }),
    }),
  );

  await page.getByLabel("Email").fill("ann@example.com");
  await page.getByLabel("Password").fill(goodPassword);
  await page.getByRole("button", { name: "Sign in" }).click();

  await page.getByText("Try again soon (request r-1)").waitFor();
  await page.context().close();
});

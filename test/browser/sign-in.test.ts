import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { logIn } from "../flows/support/sessions.ts";
import { call } from "../support/client.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { createAccount, openBrowser, openWindow, readNode } from "./support/windows.ts";

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

it("stays signed in past the end of its token, and when it is opened again", async () => {
  const node = await cluster.start("api", 1, { ACCESS_TOKEN_TTL: "3" });
  const page = await open(node.url ?? "");
  const renewals: string[] = [];
  const twice = new Promise<void>((resolve) =>
    page.on("websocket", (socket) =>
      socket.on("framesent", ({ payload }) => {
        if (!String(payload).includes('"session:renew"')) return;
        renewals.push(socket.url());
        if (renewals.length === 2) resolve();
      }),
    ),
  );

  await createAccount(page);
  await twice;
  await page.reload();
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();

  // The same connection both times: it was renewed, not opened anew.
  expect(new Set(renewals).size).toBe(1);
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain("eyJ");
  await page.context().close();
});

it("signs all windows in and out together, and says when another device did", async () => {
  const page = await open();
  await createAccount(page);
  const other = await page.context().newPage();
  await Promise.all([page.reload(), other.goto(cluster.url())]);
  for (const window of [page, other]) await readNode(window, "live");

  const sessions = cluster.mongo.collection("sessions");
  const [session] = await sessions.find().sort({ createdAt: -1 }).limit(1).toArray();
  const client = await logIn(cluster.url(), (await page.locator(".top-user").textContent()) ?? "");
  await call(cluster.url(), `/api/v1/auth/sessions/${session?._id}`, {
    method: "DELETE",
    token: client.accessToken,
  });

  for (const window of [page, other]) {
    await window.getByText("You were signed out from another device.").waitFor();
    await window.getByRole("button", { name: "Sign in" }).waitFor();
  }
  await page.context().close();
});

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { goodPassword } from "../../support/client.ts";

const longestMs = 20_000;
const places = ["/usr/bin/chromium", "/usr/bin/google-chrome", chromium.executablePath()];
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--no-first-run",
];

/** A Chromium without a screen. */
export async function openBrowser() {
  const executablePath = process.env.CHROMIUM_PATH ?? places.find((path) => existsSync(path));
  if (!executablePath) throw new Error("set CHROMIUM_PATH to a Chromium");
  return chromium.launch({ executablePath, args: quiet });
}

/** Opens the page; what goes wrong in it is added to `faults`. */
export async function openWindow(
  context: BrowserContext,
  url: string,
  faults: string[],
): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(longestMs);
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  await page.goto(url);
  return page;
}

export async function createAccount(page: Page): Promise<void> {
  await page.getByLabel("Email").fill(`${randomBytes(6).toString("hex")}@example.com`);
  await page.getByLabel("Password").fill(goodPassword);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
}

export async function chooseFile(page: Page, name: string, text: string): Promise<void> {
  const file = { name, mimeType: "text/csv", buffer: Buffer.from(text) };
  await page.getByLabel("Choose a file").setInputFiles(file);
}

/** The badge that names the node of a window, once it is in this state. */
export async function readNode(page: Page, state: "live" | "reconnecting"): Promise<string | null> {
  const badge = page.locator(`[data-testid="node"][data-state="${state}"]`);
  await badge.waitFor();
  return badge.textContent();
}

/** Lets go of a file over the middle of the window. */
export async function dropFile(page: Page, name: string, text: string): Promise<void> {
  const data = await page.evaluateHandle(
    ([name, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], name, { type: "text/csv" }));
      return transfer;
    },
    [name, text] as const,
  );
  await page.dispatchEvent("body", "dragover", { dataTransfer: data });
  await page.getByText("Let go to import").waitFor();
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
}

/** Waits until the progress bar of this name has stood at two places on its way. */
export async function seeProgress(page: Page, name: string): Promise<void> {
  const bar = page.getByRole("progressbar", { name });
  const first = await bar.getAttribute("aria-valuenow");
  await page.waitForFunction(
    ([label, then]) => {
      const now = document.querySelector(`[role=progressbar][aria-label="${label}"]`);
      return now !== null && now.getAttribute("aria-valuenow") !== then;
    },
    [name, first] as const,
  );
}

/**
 * Holds back the sockets of a window until the function that it gives is called; to be called before
 * the window is opened.
 */
export async function holdSockets(page: Page): Promise<() => void> {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.routeWebSocket(/\/socket\.io\//, async (socket) => {
    await held;
    socket.connectToServer();
  });
  return letGo;
}

import { randomBytes } from "node:crypto";
import { createFile } from "./file.mjs";

const password = "green teapots sing at dawn";

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page */
async function createAccount(page) {
  await page.getByLabel("Email").fill(`ann.${randomBytes(3).toString("hex")}@example.com`);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
}

/** The bar has this much behind it and tells of its speed. @param {Page} page @param {number} percent */
async function waitForProgress(page, percent) {
  await page.waitForFunction((least) => {
    const panel = document.querySelector('section[aria-label="Import"]');
    const now = panel?.querySelector("[role=progressbar]")?.getAttribute("aria-valuenow");
    return Number(now) >= least && panel?.textContent?.includes("rows/s");
  }, percent);
  await page.getByRole("table").waitFor();
}

/** @param {Page} page @param {(name: string) => Promise<void>} take */
async function ask(page, take) {
  await page.getByRole("button", { name: /more about sent$/ }).click();
  await page.getByText("Different values").waitFor();
  await take("column");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByLabel("Column").selectOption("city");
  await page.getByLabel("Condition").selectOption("eq");
  await page.getByLabel("Value").fill("Kyoto");
  await page.getByRole("button", { name: "Add filter" }).click();
  await page.getByText(/^(at least )?[\d,]+ of [\d,]+ rows$/).waitFor();
  await page.getByRole("button", { name: /^sent date/ }).click();
  await page.getByRole("button", { name: "Remove: by sent, ascending" }).waitFor();
  await page.locator('section[aria-busy="false"] th[aria-sort]').waitFor();
  await take("filtered");
  await page.getByRole("button", { name: /^Export/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("dialog").getByRole("link", { name: "Download" }).waitFor();
  await take("export");
  await page.keyboard.press("Escape");
}

/**
 * Walks from the sign-in to the rejects; `take` makes a picture of the state it names.
 * @param {Page} page
 * @param {(name: string) => Promise<void>} take
 */
export async function walkThrough(page, take) {
  await page.getByLabel("Email").waitFor();
  await take("sign-in");
  await createAccount(page);
  await take("empty");

  const file = { name: "parcels.csv", mimeType: "text/csv", buffer: createFile() };
  await page.getByLabel("Choose a file").setInputFiles(file);
  await page.mouse.move(0, 0);
  await waitForProgress(page, 60);
  await take("arriving");

  await page.getByText("Import finished", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("rows 51-100 of").waitFor();
  await take("there");
  await ask(page, take);
  await page.getByRole("link", { name: /^Rejected/ }).click();
  await page.getByRole("table", { name: /^Rejected/ }).waitFor();
  await take("rejects");
}

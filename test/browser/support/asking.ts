import type { Page } from "playwright-core";

/** Adds a filter by the dialog: column, condition, and what its fields hold. */
export async function addFilter(
  page: Page,
  column: string,
  condition: string,
  fields: Record<string, string> = {},
): Promise<void> {
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Column").selectOption(column);
  await dialog.getByLabel("Condition").selectOption({ label: condition });
  for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label).fill(value);
  await dialog.getByRole("button", { name: "Add filter" }).click();
  await dialog.waitFor({ state: "detached" });
}

/** The texts of a column's cells, as far as they stand in the document. */
export async function readColumn(page: Page, name: string): Promise<string[]> {
  const header = page.getByRole("columnheader", { name: new RegExp(`^${name} `) });
  const index = await header.getAttribute("aria-colindex");
  return page.locator(`tbody td[aria-colindex="${index}"]`).allTextContents();
}

import type { BrowserContext, Page } from "playwright-core";
import { chooseFile, createAccount, openBrowser, openWindow } from "../browser/support/windows.ts";
import type { Row } from "./kit/row.ts";
import type { World } from "./kit/world.ts";

const script = `<script>window.harmed=1</script><img src=x onerror="window.harmed=1">`;
/** A CSV with that in a name of a column, in a cell and in a row that is rejected. */
const file = `id,"col ${script.replaceAll('"', '""')}"\n1,"${script.replaceAll('"', '""')}"\n2,b,${script}\n`;

type Harm = { harmed?: number };
const isHarmed = (page: Page) => page.evaluate(() => (window as Harm).harmed === 1);
const shown = (page: Page, text: string) => page.getByText(text).first().waitFor();

/** A window of a new account into which such a file is put. */
async function withPage<T>(
  world: World,
  act: (page: Page, context: BrowserContext) => Promise<T>,
): Promise<T> {
  const browser = await openBrowser();
  try {
    const context = await browser.newContext({ extraHTTPHeaders: world.headers() });
    const page = await openWindow(context, world.url, []);
    await createAccount(page);
    await chooseFile(page, `${script}.csv`, file);
    return await act(page, context);
  } finally {
    await browser.close();
  }
}

/** What the page makes of hostile content. */
export const page: Row[] = [
  {
    id: "U26",
    input: "rejected row with script in a cell, opened in the page",
    expected: ["shown as text", false],
    isSlow: true,
    isSeen: true,
    act: (world) =>
      withPage(world, async (page) => {
        await page.getByRole("tab", { name: /Rejected/ }).click();
        await shown(page, "window.harmed=1");
        return ["shown as text", await isHarmed(page)];
      }),
  },
  {
    id: "M15",
    input: "names and rows with script in the page; then sign out",
    expected: ["shown as text", false, 0, []],
    isSlow: true,
    isSeen: true,
    act: (world) =>
      withPage(world, async (page, context) => {
        await shown(page, "window.harmed=1");
        const before = await isHarmed(page);
        await page.getByRole("button", { name: "Sign out" }).click();
        await page.getByRole("button", { name: "Create account" }).waitFor();
        const kept = await page.evaluate(() => localStorage.length + sessionStorage.length);
        const cookies = (await context.cookies()).map(({ name }) => name);
        return ["shown as text", before, kept, cookies];
      }),
  },
];

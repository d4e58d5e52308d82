import type { BrowserContext, Page } from "playwright-core";
import { chooseFile, createAccount, openBrowser, openWindow } from "../browser/support/windows.ts";
import type { Row } from "./kit/row.ts";
import type { World } from "./kit/world.ts";

const script = `<script>window.harmed=1</script><img src=x onerror="window.harmed=1">`;
/** A CSV with that in a name of a column, in a cell and in a row that is rejected. */
const file = `id,"col ${script.replaceAll('"', '""')}"\n1,"${script.replaceAll('"', '""')}"\n2,b,${script}\n`;

type Harm = { harmed?: number };
const isHarmed = (page: Page) => page.evaluate(() => (window as Harm).harmed === 1);
/** All that the page has stored in the browser. */
const stored = (page: Page): Promise<string> =>
  page.evaluate(() => [localStorage, sessionStorage].flatMap(Object.values).join("\n"));

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
        await page.getByRole("link", { name: /^Rejected 1/ }).click();
        await page.getByRole("table").getByText("window.harmed=1").first().waitFor();
        return ["shown as text", await isHarmed(page)];
      }),
  },
  {
    id: "M15",
    input: "names and rows with script in the page; then sign out",
    expected: ["shown as text", false, "nothing of the user", []],
    isSlow: true,
    isSeen: true,
    act: (world) =>
      withPage(world, async (page, context) => {
        await page.getByRole("table").getByText("window.harmed=1").first().waitFor();
        const before = await isHarmed(page);
        const userId = /"userId":"([\w-]+)"/.exec(await stored(page))?.[1] ?? "no note at all";
        await page.getByRole("button", { name: "Sign out" }).click();
        await page.getByRole("button", { name: "Create account" }).waitFor();
        const kept = await stored(page);
        const cookies = (await context.cookies()).map(({ name }) => name);
        const isClear = !kept.includes(userId) && userId !== "no note at all";
        return ["shown as text", before, isClear ? "nothing of the user" : kept, cookies];
      }),
  },
];

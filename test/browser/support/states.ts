import type { Page } from "playwright-core";
import type { Cluster } from "../../support/cluster.ts";
import { addFilter } from "./asking.ts";
import type { FrontDoor } from "./front-door.ts";
import { chooseFile, createAccount, holdSockets, readNode } from "./windows.ts";

export type Look = (page: Page, state: string) => Promise<void>;
type House = { cluster: Cluster; door: FrontDoor };

const long = "a text that is longer than a cell can show so that it has to be opened to be read";
const mixed = `id,price,note\n1,1.50,${long}\n2,,\n3,4,x,too many\n4,"5"6,y\n5\n${"7,8,z\n".repeat(60)}`;

/** Walks a new window through the states of the page; `look` is called in each. */
export async function walkStates(page: Page, house: House, look: Look): Promise<void> {
  await signIn(page, look);
  await arrive(page, house, look);
  await openDialogs(page, look);
  await askFor(page, house, look);
  await leave(page, house, look);
  await fail(page, house, look);
  await lookAtList(page, house, look);
  await signOutElsewhere(page, house, look);
}

async function signIn(page: Page, look: Look) {
  await look(page, "sign in");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText("15 characters or more; 10 to go").waitFor();
  await look(page, "sign in, a field to mend");
  const refusal = { status: 429, headers: { "Retry-After": "12" }, body: "" };
  await page.route("**/auth/register", (route) => route.fulfill(refusal), { times: 1 });
  await page.getByLabel("Email").fill("ann@example.com");
  await page.getByLabel("Password").fill("long enough to be asked");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText(/Try again in 12 s/).waitFor();
  await look(page, "sign in, over a limit");
  await createAccount(page);
  await look(page, "empty");
}

async function arrive(page: Page, { cluster }: House, look: Look) {
  const [worker] = cluster.workers;
  worker?.child.kill("SIGSTOP");
  await chooseFile(page, "mixed.csv", mixed);
  await page.getByRole("button", { name: "Cancel import" }).click();
  await page.getByRole("dialog").waitFor();
  await look(page, "arriving, asked whether to stop");
  await leaveDialog(page);
  await look(page, "arriving");
  worker?.child.kill("SIGCONT");
  await page.getByText("Import finished", { exact: true }).waitFor();
  await page.getByRole("table").waitFor();
  await look(page, "there");
}

async function openDialogs(page: Page, look: Look) {
  for (const name of [long, "Rename", "Delete"]) {
    await page.getByRole("button", { name, exact: true }).click();
    await page.getByRole("dialog").waitFor();
    await look(page, `there, asked: ${name}`);
    await leaveDialog(page);
  }
  await page.getByRole("link", { name: /^Rejected/ }).click();
  await page.getByText("2 cells missing").waitFor();
  await look(page, "what didn't fit");
}

const large = `id,price\n${Array.from({ length: 20_100 }, (_, row) => `${row},${row % 97}\n`).join("")}`;

async function askFor(page: Page, { cluster }: House, look: Look) {
  await page.getByRole("link", { name: /^Rows/ }).click();
  await page.getByRole("button", { name: /more about price$/ }).click();
  await page.getByText("Different values").waitFor();
  await look(page, "there, what a column holds");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("dialog", { name: "Show only rows where" }).waitFor();
  await page.getByLabel("Column").selectOption("price");
  await page.getByRole("button", { name: "Add filter" }).click();
  await page.getByText("Give one end at least").waitFor();
  await look(page, "there, asked for a filter");
  await page.getByLabel("From").fill("8");
  await page.getByRole("button", { name: "Add filter" }).click();
  await page.getByRole("button", { name: /^price number/ }).click();
  await page.getByText("60 of 62 rows", { exact: true }).waitFor();
  await page.locator("th[aria-sort]").waitFor();
  await look(page, "filtered and sorted");
  await addFilter(page, "note", "is exactly", { Value: "nothing like that" });
  await page.getByRole("button", { name: "Clear all filters" }).waitFor();
  await look(page, "no row is like that");
  await chooseFile(page, "large.csv", large);
  await page.getByText("rows 1-50 of 20,100").waitFor();
  await page.getByText("Import finished", { exact: true }).waitFor();
  const [worker] = cluster.workers;
  worker?.child.kill("SIGSTOP");
  await page.getByRole("button", { name: /^price integer/ }).click();
  await page.getByText("Preparing to sort by price…").waitFor();
  await look(page, "preparing to sort");
  worker?.child.kill("SIGCONT");
  await page.getByText("Preparing to sort by price…").waitFor({ state: "detached" });
}

async function leave(page: Page, { cluster, door }: House, look: Look) {
  const [worker] = cluster.workers;
  worker?.child.kill("SIGSTOP");
  await page.getByRole("button", { name: /^Export/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Export", exact: true }).click();
  await page.getByText("Waiting for its turn").waitFor();
  await look(page, "exporting");
  worker?.child.kill("SIGCONT");
  await page.getByRole("dialog").getByRole("link", { name: "Download" }).waitFor();
  await look(page, "exported");
  await leaveDialog(page);
  await page.goto(door.url);
  await page.getByRole("link", { name: "mixed.csv" }).click();
  await page.getByRole("link", { name: /^Rejected/ }).click();
  await page.getByLabel("Upload the repaired file").setInputFiles(file("id,price\n1,2\n"));
  await page.getByText(/^The repair failed/).waitFor();
  await look(page, "a repair failed");
  await page.getByLabel("Upload the repaired file").setInputFiles(file(mended));
  await page.getByText(/^1 mended, 1 still doesn't fit/).waitFor();
  await look(page, "repaired");
}

const mended = "_row,_code,_message,id,price,note\n3,,,3,4,x\n5,,,5,7\n";
const file = (text: string) => ({
  name: "mended.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(text),
});

async function leaveDialog(page: Page) {
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

async function fail(page: Page, { door }: House, look: Look) {
  await chooseFile(page, "empty.csv", "");
  await page.getByText("The import failed").waitFor();
  await look(page, "failed");
  await page.goto(`${door.url}/#/datasets/AAAAAAAAAAAAAAAAAAAAAA`);
  await page.getByText("There is no such dataset").waitFor();
  await look(page, "no such dataset");
}

async function lookAtList(page: Page, { cluster, door }: House, look: Look) {
  await page.getByRole("link", { name: "Back to the datasets" }).click();
  await page.getByRole("link", { name: "mixed.csv" }).waitFor();
  await look(page, "the list");
  await readNode(page, "live");
  door.leadTo(null);
  door.cut();
  await readNode(page, "reconnecting");
  await look(page, "cut off");
  door.leadTo(cluster.url());
  await page.getByText(/^resumed/).waitFor();
  await look(page, "caught up");
}

async function signOutElsewhere(page: Page, { door }: House, look: Look) {
  const other = await page.context().newPage();
  const letGo = await holdSockets(other);
  await other.goto(door.url);
  await other.locator(".skeleton").waitFor();
  await look(other, "loading");
  letGo();
  await other.getByRole("link", { name: "mixed.csv" }).waitFor();
  await other.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You signed out in another window.").waitFor();
  await look(page, "signed out in another window");
}

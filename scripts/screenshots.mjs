// `npm run screenshots`: the pictures in docs/images, made of a throw-away Sluice in a real browser.
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { walkThrough } from "./pictures/story.mjs";
import { makeThrowAwayFolder } from "./processes/guard.mjs";
import { startNodes } from "./processes/nodes.mjs";
import { choosePort } from "./processes/ports.mjs";
import { runScript } from "./processes/script.mjs";
import { startServers } from "./processes/servers.mjs";
import { findChromium } from "./setup/chromium.mjs";
import { installDependencies } from "./setup/dependencies.mjs";
import { readKeys } from "./setup/keys.mjs";
import { buildPage } from "./setup/page.mjs";
import { root } from "./setup/project.mjs";
import { say } from "./setup/say.mjs";

const images = join(root, "docs", "images");
const windows = [
  { name: "desk", width: 1440, height: 900 },
  { name: "phone", width: 390, height: 844 },
];

/**
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 * @param {{ name: string, width: number, height: number, colorScheme: "light" | "dark" }} look
 */
async function takePictures(browser, url, { name, width, height, colorScheme }) {
  const viewport = { width, height };
  // Nothing moves while a picture is taken.
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(url);
  await walkThrough(page, async (state) => {
    const path = join(images, `${state}-${name}-${colorScheme}.png`);
    await page.screenshot({ path });
    say(`${path} (${Math.ceil(statSync(path).size / 1_000)} KB)`);
  });
  await context.close();
}

await runScript(async ({ onStop, finish }) => {
  await installDependencies();
  const folder = makeThrowAwayFolder();
  const [addresses, executablePath] = await Promise.all([
    startServers({ folder, onStop }),
    findChromium(),
    buildPage(),
  ]);
  const port = await choosePort();
  const env = { ...addresses, ...readKeys(folder) };
  const nodes = startNodes({ api: 1, workers: 1, port, env, folder });
  onStop(nodes.stop);
  await nodes.started;
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  onStop(() => browser.close());

  mkdirSync(images, { recursive: true });
  for (const colorScheme of /** @type {const} */ (["light", "dark"]))
    for (const window of windows)
      await takePictures(browser, `http://127.0.0.1:${port}`, { ...window, colorScheme });
  await finish(0);
});

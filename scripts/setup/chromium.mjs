import { findOnPath, isExecutable } from "./programs.mjs";
import { SetupError } from "./say.mjs";
import { installPackage } from "./system-packages.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const macApps = ["Google Chrome", "Chromium"].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

async function findInstalled() {
  const { chromium } = await import("playwright-core");
  const candidates = [findOnPath(...names), chromium.executablePath(), ...macApps];
  return candidates.find((path) => path && isExecutable(path)) ?? null;
}

/**
 * Finds the Chromium for the browser tests, or installs one with apt as root.
 * @returns {Promise<string>} its absolute path
 */
export async function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given) return given;
  const found = await findInstalled();
  if (found !== null) return found;

  const failure = await installPackage({ apt: "chromium", brew: null });
  const installed = failure === null ? await findInstalled() : null;
  if (installed !== null) return installed;
  throw new SetupError(
    "No Chromium for the browser tests. Install one, or set CHROMIUM_PATH to it. Tried:",
    [
      `${names.join(", ")} on the PATH: there is none`,
      "Playwright's own (npx playwright-core install chromium): not there",
      failure ?? "apt-get install chromium: it went through, but there is no chromium",
    ],
  );
}

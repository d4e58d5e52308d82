import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, it } from "@jest/globals";

const built = fileURLToPath(new URL("../../client-demo/dist/", import.meta.url));

/** The scripts that `index.html` loads, and those that they import at once. */
function findScripts(text: string, found = new Set<string>()): Set<string> {
  for (const [, path = ""] of text.matchAll(/["'](?:\.?\/)?((?:assets\/)?[\w.-]+\.js)["']/g)) {
    const script = path.startsWith("assets/") ? path : `assets/${path}`;
    if (found.has(script)) continue;
    found.add(script);
    findScripts(readFileSync(`${built}${script}`, "utf8"), found);
  }
  return found;
}

it("loads at most 120 KB of JavaScript before it can be used", () => {
  const scripts = findScripts(readFileSync(`${built}index.html`, "utf8"));

  const bytes = [...scripts].reduce(
    (sum, script) => sum + gzipSync(readFileSync(`${built}${script}`)).length,
    0,
  );

  expect(scripts.size).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(120_000);
});

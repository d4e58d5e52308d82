// `npm run test:attacks -- [--url http://localhost:3000] [--only T01,A05]`: bad inputs and attacks, row by
// row, against a deployment or a throw-away cluster.
import { runOverServers } from "./processes/over-servers.mjs";
import { findChromium } from "./setup/chromium.mjs";
import { installDependencies } from "./setup/dependencies.mjs";
import { buildPage } from "./setup/page.mjs";

const hasTarget = process.argv.some((argument) => /^--url(=|$)/.test(argument));

await installDependencies();
if (!hasTarget) await buildPage();
// Without a browser the rows that need one are skipped, and say so.
process.env.CHROMIUM_PATH ??= await findChromium().catch(() => "");
await runOverServers("test/attacks/run.ts", { hasServers: !hasTarget });

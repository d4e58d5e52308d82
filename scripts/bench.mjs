// `npm run bench -- [--only NAME] [--pairs N] [--json]`: ratios, measured on a throw-away MongoDB and Redis.
import { runOverServers } from "./processes/over-servers.mjs";

await runOverServers("bench/main.ts");

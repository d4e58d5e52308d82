// `npm run test:faults -- [--promise P3] [--seeds 20] [--seed 7] [--at-once 2]`: every promise, the large tier.
import { runOverServers } from "./processes/over-servers.mjs";

await runOverServers("test/faults/run.ts");

// `npm run test:mutants -- [--promise P3] [--seeds 3] [--seed 1]`: each promise must fail once its defect is in.
import { runOverServers } from "./processes/over-servers.mjs";

await runOverServers("test/faults/mutants.ts");

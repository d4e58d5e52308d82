// `npm run test:soak -- [--minutes 30] [--seed 7]`: steady load, a random fault every 30 s, nothing lost, nothing growing.
import { runOverServers } from "./processes/over-servers.mjs";

await runOverServers("test/faults/soak.ts");

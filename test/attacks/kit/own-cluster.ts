import { makeThrowAwayFolder } from "../../../scripts/processes/guard.mjs";
import { startCluster } from "../../support/cluster.ts";

/** A deployment to attack: two nodes and a worker with the limits that there are by default. */
export const startOwn = () =>
  startCluster({
    api: 2,
    workers: 1,
    hasDefaultLimits: true,
    env: {
      // Tests say where they come from, so that each address has its own share.
      TRUSTED_PROXY_HOPS: "1",
      // What they leave there is left by them alone.
      TMPDIR: makeThrowAwayFolder(),
    },
  });

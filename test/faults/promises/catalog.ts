import type { Promised } from "../support/trial.ts";
import { killedWorker } from "./p01-killed-worker.ts";
import { stormOfCrashes } from "./p02-storm-of-crashes.ts";
import { frozenWorker } from "./p03-frozen-worker.ts";
import { absentClient } from "./p04-absent-client.ts";
import { lostPubSub } from "./p05-lost-pubsub.ts";
import { redisForgets } from "./p06-redis-forgets.ts";
import { killedNode } from "./p07-killed-node.ts";
import { redisDown } from "./p08-redis-down.ts";
import { primaryLost } from "./p09-primary-lost.ts";
import { sameImportTwice } from "./p10-same-import-twice.ts";
import { cancel } from "./p11-cancel.ts";
import { oneTruth } from "./p12-one-truth.ts";
import { endedSession } from "./p13-ended-session.ts";
import { refreshRaces } from "./p14-refresh-races.ts";
import { badClients } from "./p15-bad-clients.ts";
import { anyInput } from "./p16-any-input.ts";
import { rollingDeploy } from "./p17-rolling-deploy.ts";
import { walkingPages } from "./p18-walking-pages.ts";

/** Every promise of docs/guarantees.md. */
export const promises: readonly Promised[] = [
  killedWorker,
  stormOfCrashes,
  frozenWorker,
  absentClient,
  lostPubSub,
  redisForgets,
  killedNode,
  redisDown,
  primaryLost,
  sameImportTwice,
  cancel,
  oneTruth,
  endedSession,
  refreshRaces,
  badClients,
  anyInput,
  rollingDeploy,
  walkingPages,
];

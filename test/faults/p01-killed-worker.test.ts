import { killedWorker } from "./promises/p01-killed-worker.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(killedWorker);

import { frozenWorker } from "./promises/p03-frozen-worker.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(frozenWorker);

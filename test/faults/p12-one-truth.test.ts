import { oneTruth } from "./promises/p12-one-truth.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(oneTruth);

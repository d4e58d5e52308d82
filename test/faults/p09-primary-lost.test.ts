import { primaryLost } from "./promises/p09-primary-lost.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(primaryLost);

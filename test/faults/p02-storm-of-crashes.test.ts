import { stormOfCrashes } from "./promises/p02-storm-of-crashes.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(stormOfCrashes);

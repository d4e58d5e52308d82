import { absentClient } from "./promises/p04-absent-client.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(absentClient);

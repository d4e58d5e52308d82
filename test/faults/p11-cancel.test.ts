import { cancel } from "./promises/p11-cancel.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(cancel);

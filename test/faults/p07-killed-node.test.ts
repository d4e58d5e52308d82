import { killedNode } from "./promises/p07-killed-node.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(killedNode);

import { lostPubSub } from "./promises/p05-lost-pubsub.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(lostPubSub);

import { redisForgets } from "./promises/p06-redis-forgets.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(redisForgets);

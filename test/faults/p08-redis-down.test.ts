import { redisDown } from "./promises/p08-redis-down.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(redisDown);

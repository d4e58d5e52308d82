import { endedSession } from "./promises/p13-ended-session.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(endedSession);

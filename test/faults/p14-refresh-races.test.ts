import { refreshRaces } from "./promises/p14-refresh-races.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(refreshRaces);

import { badClients } from "./promises/p15-bad-clients.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(badClients);

import { walkingPages } from "./promises/p18-walking-pages.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(walkingPages);

import { sameImportTwice } from "./promises/p10-same-import-twice.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(sameImportTwice);

import { anyInput } from "./promises/p16-any-input.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(anyInput);

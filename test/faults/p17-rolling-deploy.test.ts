import { rollingDeploy } from "./promises/p17-rolling-deploy.ts";
import { testPromise } from "./support/test-promise.ts";

testPromise(rollingDeploy);

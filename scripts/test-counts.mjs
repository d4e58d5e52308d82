import { writeFileSync } from "node:fs";

/** A jest reporter (https://jestjs.io/docs/configuration#reporters-arraymodulename--modulename-options) that leaves the counts of the run in the file $SLUICE_TEST_COUNTS. */
export default class TestCounts {
  /**
   * @param {unknown} _contexts
   * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, numRuntimeErrorTestSuites: number }} results
   */
  onRunComplete(_contexts, results) {
    const counts = {
      passed: results.numPassedTests,
      // A file that doesn't even load counts as one failure.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(process.env.SLUICE_TEST_COUNTS ?? "/dev/null", JSON.stringify(counts));
  }
}

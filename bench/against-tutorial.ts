import { type Bench, interleave, judge } from "./pairs.ts";
import { csvOfRows } from "./people.ts";
import { startRig } from "./rig.ts";
import { writeFile } from "./rivals/file.ts";
import { startTutorial } from "./rivals/tutorial.ts";
import { describe, describeCpu, importOnce, speedRatio } from "./runs.ts";

/** Its rows a second don't grow with their number, and a million would take minutes. */
const tutorialRows = 100_000;

/** An import against what tutorials build: a BullMQ worker that pipes csv-parse into mongoose. */
export const againstTutorial: Bench = {
  name: "against-tutorial",
  pairs: 8,
  async run(pairs, report) {
    await using rig = await startRig();
    await using tutorial = await startTutorial(rig);
    await using file = await writeFile(csvOfRows(tutorialRows));
    const runTutorial = () => tutorial.run(file.path, tutorialRows);
    await importOnce(rig);
    await runTutorial();
    const results = await interleave(pairs, () => importOnce(rig), runTutorial);
    for (const { a, b } of results) report(`import ${describe(a)} | tutorial ${describe(b)}`);
    report(describeCpu(results, "import", "tutorial"));
    const against = "rows/s of csv-parse into mongoose in a BullMQ worker";
    return [judge("against-tutorial", against, results.map(speedRatio), { atLeast: 6 })];
  },
};

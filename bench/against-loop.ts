import { type Bench, interleave, judge } from "./pairs.ts";
import { csvOfRows } from "./people.ts";
import { startRig } from "./rig.ts";
import { writeFile } from "./rivals/file.ts";
import { fill } from "./rivals/fill.ts";
import { loopOverCsvParser, loopOverPapaParse } from "./rivals/loops.ts";
import { describe, describeCpu, fewRows, importOnce, speedRatio } from "./runs.ts";

const rivals = { "csv-parser": loopOverCsvParser, papaparse: loopOverPapaParse };

/** An import against the loop of a first script: parse a file, insert 1,000 rows, wait, go on. */
export const againstLoop: Bench = {
  name: "against-loop",
  pairs: 8,
  async run(pairs, report) {
    await using rig = await startRig();
    await using file = await writeFile(csvOfRows(fewRows));
    await importOnce(rig);
    const ratios = [];
    for (const [name, loop] of Object.entries(rivals)) {
      const runLoop = () =>
        fill(rig, { rows: fewRows, isClustered: false }, (target) => loop(file.path, target));
      await runLoop();
      const results = await interleave(pairs, () => importOnce(rig), runLoop);
      for (const { a, b } of results) report(`import ${describe(a)} | ${name} ${describe(b)}`);
      report(describeCpu(results, "import", name));
      const against = `rows/s of ${name} and insertMany in a loop`;
      ratios.push(judge(`against-${name}`, against, results.map(speedRatio), { atLeast: 3 }));
    }
    return ratios;
  },
};

import { type Bench, interleave, judge } from "./pairs.ts";
import { ndjsonOfRows } from "./people.ts";
import { startRig } from "./rig.ts";
import { writeFile } from "./rivals/file.ts";
import { fill } from "./rivals/fill.ts";
import { insertLines, type Line } from "./rivals/ndjson-lines.ts";
import { describe, describeCpu, fullRows, importOnce, speedRatio } from "./runs.ts";

/** An NDJSON import against `JSON.parse` of each line and `insertMany`, from the same bytes. */
export const ndjsonSpeed: Bench = {
  name: "ndjson-speed",
  pairs: 8,
  async run(pairs, report) {
    await using rig = await startRig();
    await using file = await writeFile(ndjsonOfRows(fullRows));
    const importLines = () => importOnce(rig, fullRows, "ndjson");
    const parseLines = () =>
      fill<Line>(rig, { rows: fullRows, isClustered: true }, (to) => insertLines(file.path, to));
    await importLines();
    const results = await interleave(pairs, importLines, parseLines);
    for (const { a, b } of results) report(`import ${describe(a)} | by line ${describe(b)}`);
    report(describeCpu(results, "import", "by line"));
    const against = "rows/s of JSON.parse by line and insertMany";
    return [judge("ndjson-speed", against, results.map(speedRatio), { atLeast: 1.5 })];
  },
};

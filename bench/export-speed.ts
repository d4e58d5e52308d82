import { exportOnce } from "./exports.ts";
import { type Bench, interleave, judge } from "./pairs.ts";
import { csvOfRows } from "./people.ts";
import { startRig } from "./rig.ts";
import { writeByCursor } from "./rivals/cursor-to-file.ts";
import { describe, describeCpu, fullRows, speedRatio } from "./runs.ts";

const formats = ["csv", "ndjson"] as const;

/** An export into storage, checksum and checkpoints included, against a bare loop into a file. */
export const exportSpeed: Bench = {
  name: "export-speed",
  pairs: 8,
  async run(pairs, report) {
    await using rig = await startRig();
    const { dataset } = await rig.importWhole(csvOfRows(fullRows));
    const ratios = [];
    for (const format of formats) {
      const write = () => exportOnce(rig, dataset.id, { format });
      const loop = () => writeByCursor(rig, dataset.id, format);
      await write();
      await loop();
      const results = await interleave(pairs, write, loop);
      for (const { a, b } of results) report(`${format} ${describe(a)} | loop ${describe(b)}`);
      report(describeCpu(results, format, "loop"));
      const against = `rows/s of cursor, ${format} line, file in a loop`;
      ratios.push(
        judge(`export-speed ${format}`, against, results.map(speedRatio), { atLeast: 0.5 }),
      );
    }
    return ratios;
  },
};

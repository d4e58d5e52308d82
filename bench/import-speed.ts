import { type Bench, interleave, judge } from "./pairs.ts";
import { startRig } from "./rig.ts";
import { insertReady, readyDocuments } from "./rivals/ready-documents.ts";
import { cpuPerRow, describe, describeCpu, fullRows, importOnce, speedRatio } from "./runs.ts";

/**
 * An import, scan included, against the driver's `insertMany` of ready documents into the same kind of
 * collection. The upload isn't part of it: neither side is given its rows for nothing else.
 */
export const importSpeed: Bench = {
  name: "import-speed",
  pairs: 8,
  async run(pairs, report) {
    await using rig = await startRig();
    const documents = readyDocuments();
    await importOnce(rig);
    const results = await interleave(
      pairs,
      () => importOnce(rig),
      () => insertReady(rig, documents, fullRows),
    );
    for (const { a, b } of results) report(`import ${describe(a)} | insertMany ${describe(b)}`);
    report(describeCpu(results, "import", "insertMany"));
    const cpu = results.map(({ a, b }) => cpuPerRow(a, ["worker"]) / cpuPerRow(b, ["bench"]));
    const ready = "insertMany of ready documents";
    return [
      judge("import-speed", `rows/s of ${ready}`, results.map(speedRatio), { atLeast: 1.2 }),
      judge("import-cpu", `CPU of the process of ${ready}`, cpu, { atMost: 0.6 }),
    ];
  },
};

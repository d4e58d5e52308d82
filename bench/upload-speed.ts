import { Readable } from "node:stream";
import { measure, type Usage } from "./measure.ts";
import { type Bench, interleave, judge } from "./pairs.ts";
import { csvOfBytes } from "./people.ts";
import { type Rig, startRig } from "./rig.ts";
import { storeInGridFs } from "./rivals/grid-fs.ts";

const fileBytes = 200_000_000;

/** An upload over HTTP, to the answer that it is stored, against the driver's GridFS stream from memory. */
export const uploadSpeed: Bench = {
  name: "upload-speed",
  pairs: 8,
  async run(pairs, report) {
    await using rig = await startRig();
    const parts: Buffer[] = await csvOfBytes(fileBytes).toArray();
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    const store = () => storeInGridFs(rig, parts, bytes);
    await uploadOnce(rig, parts);
    await store();
    const results = await interleave(pairs, () => uploadOnce(rig, parts), store);
    const describe = ({ wall, cpu }: Usage) =>
      `${Math.round(bytes / 1e6 / wall)} MB/s, CPU s: ${Object.entries(cpu)
        .map(([name, seconds]) => `${name} ${seconds.toFixed(1)}`)
        .join(" ")}`;
    for (const { a, b } of results) report(`upload ${describe(a)} | GridFS ${describe(b)}`);
    const ratios = results.map(({ a, b }) => b.wall / a.wall);
    const against = "MB/s of a GridFSBucket stream from memory";
    return [judge("upload-speed", against, ratios, { atLeast: 0.8 })];
  },
};

/** The import that follows is given up at once: only the upload is measured. */
async function uploadOnce(rig: Rig, parts: Buffer[]): Promise<Usage> {
  const { api, mongod } = rig.pids;
  let datasetId = "";
  const usage = await measure({ bench: process.pid, api, mongod }, async () => {
    datasetId = (await rig.upload(Readable.from(parts))).dataset.id;
  });
  await rig.remove(datasetId);
  return usage;
}

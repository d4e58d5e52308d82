import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { csvFiles, csvRepairs } from "./csv-files.ts";
import { bytesOf, type FileInput, showFile } from "./files.ts";
import { type Form, forms } from "./forms.ts";
import { ndjsonFiles, ndjsonRepairs } from "./ndjson-files.ts";
import { type AnyTarget, target } from "./target.ts";
import { inTurn, type World } from "./world.ts";

const types = { csv: "text/csv", ndjson: "application/x-ndjson" };
const repaired = { csv: "@dataset:5", ndjson: "@dataset:6" };

type Upload = FileInput & { isPacked: boolean };
const files = fc.oneof(csvFiles, ndjsonFiles);
const repairs = fc.oneof(csvRepairs, ndjsonRepairs);
const uploads = fc
  .tuple(files, fc.boolean())
  .map(([file, isPacked]): Upload => ({ ...file, isPacked }));

/** Whole imports and repairs; what becomes of the jobs is asked when all is over. */
export function importTargets(world: World): AnyTarget[] {
  const url = inTurn(world.cluster);
  const { bob, dora, fill, ordered } = world;

  async function post(
    path: string,
    body: Uint8Array,
    headers: Record<string, string>,
    words: string,
  ) {
    const answer = await (path.endsWith("repairs") ? bob : dora)
      .call<{ job?: { id: string }; code?: string }>(
        fill(path),
        {
          ...{ method: "POST", body: new Uint8Array(body), headers },
          signal: AbortSignal.timeout(20_000),
        },
        url(),
      )
      .catch((err: Error) => err);
    if (answer instanceof Error)
      return answer.name === "TimeoutError" ? "nothing" : `lost: ${answer.cause}`;
    const { job, code } = answer.body;
    if (job) ordered.set(job.id, words);
    return job ? "ok" : (code ?? String(answer.status));
  }

  return [
    target({
      ...{ name: "imports", share: 0.6, atOnce: 2, input: uploads, show: showFile },
      send(file) {
        const bytes = bytesOf(file);
        const options = encodeURIComponent(JSON.stringify(file.options));
        const headers = {
          "Content-Type": types[file.format],
          ...(file.isPacked && { "Content-Encoding": "gzip" }),
        };
        const body = file.isPacked ? gzipSync(bytes) : bytes;
        return post(`/api/v1/datasets?options=${options}`, body, headers, showFile(file));
      },
    }),
    target({
      ...{ name: "repairs", share: 0.6, atOnce: 2, input: repairs, show: showFile },
      send: (file) =>
        post(
          `/api/v1/datasets/${repaired[file.format]}/repairs`,
          bytesOf(file),
          { "Content-Type": types[file.format] },
          showFile(file),
        ),
    }),
    target({
      ...{ name: "forms", share: 3, atOnce: 2, input: forms },
      send: ({ type, body }: Form) =>
        post("/api/v1/datasets", Buffer.from(body, "latin1"), { "Content-Type": type }, body),
    }),
  ];
}

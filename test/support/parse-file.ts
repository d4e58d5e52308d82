import type { DataRecord, Format, ImportOptions } from "../../protocol/datasets.ts";
import { load } from "../../server/datasets/parsing/load.ts";
import { scan } from "../../server/datasets/parsing/scan.ts";
import type {
  Batch,
  Place,
  Plan,
  RecordDocument,
  RejectDocument,
} from "../../server/datasets/parsing/seam.ts";
import { toRecord } from "../../server/datasets/record-values.ts";
import { fromBson } from "./bson.ts";

type Parsed = {
  plan: Plan;
  batches: Loaded[];
  documents: RecordDocument[];
  records: DataRecord[];
  rejects: RejectDocument[];
};

/** A source that gives `bytes` from `from` on, `chunkSize` bytes at a time. */
export async function* chunksOf(
  bytes: Uint8Array,
  chunkSize = 65_536,
  from = 0,
): AsyncGenerator<Uint8Array> {
  for (let at = from; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize);
}

/** Scans and loads a whole file. */
export async function parseFile(
  bytes: Uint8Array,
  format: Format,
  options: ImportOptions = {},
  chunkSize = 65_536,
): Promise<Parsed> {
  const plan = await scan(chunksOf(bytes, chunkSize), { format, options, maxColumns: 500 });
  const batches = await loadFrom(bytes, plan, plan.start, chunkSize);
  const documents = batches.flatMap((batch) => fromBson<RecordDocument>(batch.records));
  const records = documents.map((document) => toRecord(document, plan.columns));
  const rejects = batches.flatMap((batch) => batch.rejects);
  return { plan, batches, documents, records, rejects };
}

/** A batch as it came; its memory is kept. */
export type Loaded = Omit<Batch, "release">;

export async function loadFrom(
  bytes: Uint8Array,
  plan: Plan,
  from: Place,
  chunkSize = 65_536,
): Promise<Loaded[]> {
  const batches: Loaded[] = [];
  for await (const { release: _, ...batch } of load(
    chunksOf(bytes, chunkSize, from.offset),
    plan,
    from,
  )) {
    batches.push(batch);
  }
  return batches;
}

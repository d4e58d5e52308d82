import mongoose from "mongoose";
import { splitDocuments } from "../parsing/bson.ts";
import { maxRowBytes } from "../parsing/limits.ts";
import { load } from "../parsing/load.ts";
import { type Rejection, rejections } from "../parsing/rows.ts";
import type { Plan, RecordDocument } from "../parsing/seam.ts";
import type { FoundRow, RepairRow } from "./seam.ts";

const { deserialize } = mongoose.mongo.BSON;
const top = { offset: 0, row: 0, line: 1 };

/** Makes records of the rows that fit the plan, in the very way of an import; the others learn why they don't. */
export async function fitRows(given: readonly FoundRow[], plan: Plan): Promise<RepairRow[]> {
  const found = given.map(refuseLarge);
  const open = found.filter(({ rejection }) => !rejection);
  const file = Buffer.from(open.map(({ text }) => `${text}\n`).join(""));
  const records = new Map<number, RecordDocument>();
  const misfits = new Map<number, Rejection>();
  for await (const batch of load(only(file), plan, top)) {
    for (const bytes of splitDocuments(batch.records)) {
      const record = deserialize(bytes) as RecordDocument;
      records.set(record._id, record);
    }
    for (const { _id, code, column, message } of batch.rejects) {
      misfits.set(_id, { code, message, ...(column !== undefined && { column }) });
    }
    batch.release();
  }
  if (records.size + misfits.size !== open.length) throw new Error("a row was lost");
  const places = new Map(open.map((one, index) => [one, index + 1]));
  return found.map((one) => {
    const place = places.get(one) ?? 0;
    const { c, t } = records.get(place) ?? {};
    const record = c ? { c, ...(t && { t }) } : null;
    return { ...one, record, rejection: one.rejection ?? misfits.get(place) ?? null };
  });
}

/** Quotes may have made it so: a parser would see the end of a row where there is none. */
const refuseLarge = (one: FoundRow): FoundRow =>
  one.rejection || Buffer.byteLength(one.text) <= maxRowBytes
    ? one
    : { ...one, rejection: rejections.tooLarge };

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

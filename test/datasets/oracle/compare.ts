import { expect } from "@jest/globals";
import mongoose from "mongoose";
import type { Format, ImportOptions } from "../../../protocol/datasets.ts";
import { FileError } from "../../../server/datasets/parsing/seam.ts";
import { parseFile } from "../../support/parse-file.ts";
import { toObjects } from "./objects.ts";

const { serialize } = mongoose.mongo.BSON;

/**
 * The bytes that go to MongoDB must be those that the driver would have made of the oracle's objects; says
 * how many rows there were.
 */
export async function compare(
  file: Buffer,
  format: Format,
  chunkSize: number,
  options: ImportOptions = {},
): Promise<{ imported: number; rejected: number }> {
  const parsed = await parseFile(file, format, options, chunkSize).catch((err: unknown) => {
    if (err instanceof FileError) return null;
    throw err;
  });
  if (!parsed) return { imported: 0, rejected: 0 };
  const { plan, batches, rejects } = parsed;
  const expected = await toObjects(file, plan);

  const bytes = Buffer.concat(batches.map(({ records }) => records));
  const objects = Buffer.concat(expected.documents.map((document) => serialize(document)));
  // Objects show a difference better than bytes.
  if (!bytes.equals(objects)) expect(parsed.documents).toEqual(expected.documents);
  expect(bytes.equals(objects)).toBe(true);
  expect(rejects).toEqual(expected.rejects);
  expect(batches.reduce((sum, { count }) => sum + count, 0)).toBe(expected.documents.length);
  expect(plan.rows).toBe(expected.documents.length + rejects.length);
  return { imported: expected.documents.length, rejected: rejects.length };
}

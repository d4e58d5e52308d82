import { describe, expect, it } from "@jest/globals";
import { FileError } from "../../../server/datasets/parsing/seam.ts";
import { parseFile } from "../../support/parse-file.ts";
import type { PeculiarFile } from "../../support/peculiar-file.ts";
import { peculiarFiles } from "../../support/peculiar-files.ts";

/** Every size for a small file, a few for a large one. */
function chunkSizesFor({ bytes }: PeculiarFile): number[] {
  if (bytes.length > 1000) return [4_093, 65_536, bytes.length];
  return Array.from({ length: Math.max(bytes.length, 1) }, (_, index) => index + 1);
}

async function outcomeOf({ bytes, format, options }: PeculiarFile, chunkSize: number) {
  try {
    const { plan, records, rejects } = await parseFile(bytes, format, options, chunkSize);
    expect(records.length + rejects.length).toBe(plan.rows);
    return {
      columns: plan.columns.map(({ name, type }) => ({ name, type })),
      // As JSON they come to light whatever their names are.
      records: JSON.stringify(records),
      rejects: rejects.map(({ _id, line, code }) => ({ row: _id, line, code })),
    };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { error: error.code };
  }
}

describe("a peculiar file", () => {
  it.each(peculiarFiles.map((file) => [file.name, file] as const))(
    "reads as the protocol says, wherever its chunks end: %s",
    async (_name, file) => {
      const { expected } = file;
      const wanted =
        "error" in expected
          ? expected
          : { ...expected, records: JSON.stringify(inColumnOrder(expected)) };

      for (const chunkSize of chunkSizesFor(file)) {
        const outcome = await outcomeOf(file, chunkSize);

        expect({ chunkSize, ...outcome }).toEqual({ chunkSize, ...wanted });
      }
    },
  );

  it("has a name of its own", () => {
    const names = peculiarFiles.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
  });
});

type Imported = Exclude<PeculiarFile["expected"], { error: unknown }>;

function inColumnOrder({ columns, records }: Imported) {
  return records.map(({ row, values }) => ({
    row,
    values: Object.fromEntries(columns.map(({ name }) => [name, values[name]])),
  }));
}

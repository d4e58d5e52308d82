import { fieldOf } from "./querying/conditions.ts";
import type { Rows } from "./rows.ts";

const namespaceNotFound = 26;
const indexNotFound = 27;

/** A column's index: cells in order, equal ones by row. Its name is the column's key. */
export const indexPattern = (key: string) => ({ [fieldOf(key)]: 1, _id: 1 }) as const;

/** The indexes of columns in the collections of rows; they go with their collection. */
export function createRowIndexes({ records }: Pick<Rows, "records">) {
  return {
    /** Does nothing when it is there; waits for one that is being built. */
    async create(datasetId: string, key: string): Promise<void> {
      await records(datasetId).createIndex(indexPattern(key), { name: key });
    },

    /** Also ends its building. */
    async drop(datasetId: string, key: string): Promise<void> {
      await records(datasetId).dropIndex(key).catch(ignoreMissing);
    },

    /** The keys of the columns that have one. */
    async list(datasetId: string): Promise<string[]> {
      const found = await records(datasetId).listIndexes().toArray();
      return found.map(({ name }) => String(name)).filter((name) => /^c\d+$/.test(name));
    },
  };
}

export type RowIndexes = ReturnType<typeof createRowIndexes>;

function ignoreMissing(err: unknown): void {
  const code = err instanceof Error && "code" in err ? err.code : null;
  if (code !== indexNotFound && code !== namespaceNotFound) throw err;
}

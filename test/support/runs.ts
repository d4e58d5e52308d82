/**
 * How many texts a property is tried on: `PROPERTY_RUNS` times as many where that is set, as before a
 * release (`PROPERTY_RUNS=20 npm test -- test/datasets`).
 */
export const runs = (usual: number): number => usual * Number(process.env.PROPERTY_RUNS ?? 1);

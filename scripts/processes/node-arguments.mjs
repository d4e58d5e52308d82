/**
 * Node's arguments for a process of Sluice. A worker's batches outlive a young generation of the usual
 * 16 MiB, are promoted and then wait for a full collection: with 32 from the start its memory stays flat.
 * @param {"api" | "worker"} role
 */
export function nodeArguments(role) {
  const heap = role === "worker" ? ["--min-semi-space-size=32", "--max-semi-space-size=32"] : [];
  return [...heap, "--import", "tsx", `server/${role}.ts`];
}

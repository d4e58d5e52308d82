/**
 * Node's arguments for a process of Sluice. A worker moves bytes and makes few objects; V8 takes the bytes for a
 * growing heap and marks it step by step, with helpers, all through an import, which doubled its CPU.
 * Marked at one go the same small heap costs milliseconds.
 * @param {"api" | "worker"} role
 */
export function nodeArguments(role) {
  const heap = role === "worker" ? ["--no-incremental-marking"] : [];
  return [...heap, "--enable-source-maps", `build/${role}.js`];
}

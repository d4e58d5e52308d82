/**
 * Node's arguments for a process of Sluice. A worker moves bytes and makes few objects; V8 takes the bytes for a
 * growing heap and marks it step by step, with helpers, all through an import, which doubled its CPU.
 * Marked at one go the same small heap costs milliseconds. An API node's heap has a bound below 2 GB: over that V8
 * lets four times of what lives stand as garbage, here 120 MB more.
 * @param {"api" | "worker"} role
 */
export function nodeArguments(role) {
  const heap = role === "worker" ? ["--no-incremental-marking"] : ["--max-old-space-size=1536"];
  return [...heap, "--enable-source-maps", `build/${role}.js`];
}

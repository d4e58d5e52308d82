/** A map of at most `most` entries: the one that was asked for longest ago makes room for a new one. */
export function createBoundedMap<Value>(most: number, create: () => Value) {
  const entries = new Map<string, Value>();

  return {
    /** The entry of a key, made if it isn't there. */
    open(key: string): Value {
      const value = entries.get(key) ?? create();
      entries.delete(key);
      entries.set(key, value);
      if (entries.size > most) entries.delete(entries.keys().next().value ?? key);
      return value;
    },
    find: (key: string): Value | undefined => entries.get(key),
    delete: (key: string): boolean => entries.delete(key),
    get size(): number {
      return entries.size;
    },
  };
}

const everyMs = 1000;

/**
 * Bounds lines that may come in floods: of each sort the first is written at once, then one a second for all that
 * came since, with the newest one's fields and their `count`.
 */
export function createSampler(write: (fields: object) => void) {
  const floods = new Map<string, { newest: object; count: number }>();

  function wait(sort: string): void {
    const flood = { newest: {}, count: 0 };
    floods.set(sort, flood);
    setTimeout(() => {
      floods.delete(sort);
      if (flood.count === 0) return;
      write({ ...flood.newest, count: flood.count });
      wait(sort);
    }, everyMs).unref();
  }

  return (sort: string, fields: object): void => {
    const flood = floods.get(sort);
    if (flood) {
      flood.newest = fields;
      flood.count += 1;
      return;
    }
    write({ ...fields, count: 1 });
    wait(sort);
  };
}

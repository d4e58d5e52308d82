/** Lets a test wait until events have brought something about, but not for ever. */
export function createLookout() {
  const looks = new Set<() => void>();

  /** What `find` gives, once it isn't undefined; throws after `seconds`, naming `what`. */
  function until<T>(find: () => T | undefined, what: string, seconds = 40): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        looks.delete(look);
        reject(new Error(`not within ${seconds} s: ${what}`));
      }, seconds * 1000);
      function look() {
        const found = find();
        if (found === undefined) return;
        looks.delete(look);
        clearTimeout(timer);
        resolve(found);
      }
      looks.add(look);
      look();
    });
  }

  return {
    until,
    /** To be called whenever something has happened. */
    tell(): void {
      for (const look of looks) look();
    },
  };
}

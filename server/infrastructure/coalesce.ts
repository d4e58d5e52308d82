/**
 * Lets any number of equal reads share one: a read that is asked for while another runs waits
 * for the next, never for the running one, so that nobody gets an answer older than the question.
 */
export function coalesce<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  const waiting = new Map<string, Promise<T>>();

  function start(key: string): Promise<T> {
    const flight = read(key).finally(() => running.delete(key));
    running.set(key, flight);
    return flight;
  }

  return (key) => {
    const flight = running.get(key);
    if (!flight) return start(key);
    const next =
      waiting.get(key) ??
      flight
        .catch(() => {})
        .then(() => {
          waiting.delete(key);
          return start(key);
        });
    waiting.set(key, next);
    return next;
  };
}

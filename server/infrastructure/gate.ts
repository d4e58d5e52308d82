import { AppError } from "../errors.ts";

type Options = {
  /** at work at once */
  most: number;
  /** waiting for their turn */
  waiting: number;
  /** seconds, for those who are sent away */
  retryAfter: number;
};

/** Lets so much work run at once and so much wait; the rest is `rate_limited` without waiting. */
export function createGate({ most, waiting, retryAfter }: Options) {
  const queue: (() => void)[] = [];
  let atWork = 0;

  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (atWork >= most) {
      if (queue.length >= waiting) {
        throw new AppError("rate_limited", "Too many are asking at once.", { retryAfter });
      }
      // Whoever leaves hands on its place.
      await new Promise<void>((resolve) => queue.push(resolve));
    } else atWork += 1;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else atWork -= 1;
    }
  };
}

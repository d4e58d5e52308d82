import { AppError } from "../errors.ts";

type Options = {
  /** at work at once */
  most: number;
  /** let in on top of these, to wait for their turn */
  waiting: number;
  /** seconds, for those who are sent away */
  retryAfter: number;
};

/** Lets so much work run at once and so much wait; the rest is `rate_limited` without waiting. */
export function createGate({ most, waiting, retryAfter }: Options) {
  const queue: (() => void)[] = [];
  let inside = 0;
  let atWork = 0;

  return {
    /**
     * To be called before anything is done for somebody who will want to work; throws `rate_limited` where
     * there is no place left. The answer gives the place back.
     */
    enter(): () => void {
      if (inside >= most + waiting) {
        throw new AppError("rate_limited", "Too many are asking at once.", { retryAfter });
      }
      inside += 1;
      let isOver = false;
      return () => {
        if (!isOver) inside -= 1;
        isOver = true;
      };
    },

    /** Work of somebody who has entered, when it is its turn. */
    async pass<T>(work: () => Promise<T>): Promise<T> {
      // Whoever leaves hands on its place.
      if (atWork >= most) await new Promise<void>((resolve) => queue.push(resolve));
      else atWork += 1;
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next) next();
        else atWork -= 1;
      }
    },
  };
}

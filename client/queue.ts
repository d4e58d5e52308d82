/** An async iterator that is filled from outside; what is in it is still given after an end or error. */
export type Queue<T> = {
  push: (item: T) => void;
  end: (error?: Error) => void;
  next: () => Promise<IteratorResult<T, undefined>>;
};

type Waiter<T> = {
  resolve: (result: IteratorResult<T, undefined>) => void;
  reject: (error: Error) => void;
};

export const createQueue = <T>(): Queue<T> => {
  const items: T[] = [];
  const waiters: Waiter<T>[] = [];
  let ended: { error: Error | undefined } | null = null;

  return {
    push(item) {
      if (ended) return;
      const waiter = waiters.shift();
      if (waiter) waiter.resolve({ done: false, value: item });
      else items.push(item);
    },
    end(error) {
      if (ended) return;
      ended = { error };
      const first = waiters.shift();
      if (first && error) ended = { error: undefined };
      if (first) settle(first, error);
      for (const waiter of waiters.splice(0)) settle(waiter, undefined);
    },
    next() {
      if (items.length > 0) return Promise.resolve({ done: false, value: items.shift() as T });
      return new Promise((resolve, reject) => {
        if (!ended) return waiters.push({ resolve, reject });
        settle({ resolve, reject }, ended.error);
        // An error is thrown once; after it the iterator is simply done.
        ended = { error: undefined };
      });
    },
  };
};

const settle = <T>(waiter: Waiter<T>, error: Error | undefined) =>
  error ? waiter.reject(error) : waiter.resolve({ done: true, value: undefined });

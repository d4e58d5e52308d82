import { AppError } from "../errors.ts";

const noAnswer = () => new AppError("unavailable", "No answer in time.", { retryAfter: 1 });

/** Waits at most `ms` for work that goes on by itself, then throws `unavailable` or what `late` says. */
export async function within<T>(
  ms: number,
  work: Promise<T>,
  late: () => AppError = noAnswer,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([work, timeIsUp]);
  } finally {
    clearTimeout(timer);
  }
}

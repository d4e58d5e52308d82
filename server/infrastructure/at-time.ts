/** The longest delay that `setTimeout` takes, in ms. */
const longestDelay = 2 ** 31 - 1;

/** Calls `act` once at that time, at once if it is over; however far away it is. Gives what calls it off. */
export function callAt(time: Date, act: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    const left = time.getTime() - Date.now();
    if (left <= 0) return act();
    timer = setTimeout(wait, Math.min(left, longestDelay));
  };
  wait();
  return () => clearTimeout(timer);
}

/** Calls at once, then at most once a second; calls in between are made up for by one at the end. */
export const oncePerSecond = (act: () => Promise<unknown>) => {
  let isResting = false;
  let isWanted = false;
  const run = () => {
    if (isResting) {
      isWanted = true;
      return;
    }
    isResting = true;
    isWanted = false;
    const rest = new Promise((resolve) => setTimeout(resolve, 1_000));
    void Promise.allSettled([act(), rest]).then(() => {
      isResting = false;
      if (isWanted) run();
    });
  };
  return run;
};

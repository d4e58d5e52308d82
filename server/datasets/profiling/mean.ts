/** A sum of so many numbers of this size doesn't leave what a double can hold. */
const scale = 2 ** -40;

/** The mean of numbers by a compensated sum (Neumaier, 1974): whole numbers give what they give on paper. */
export function createMean() {
  let sum = 0;
  let lost = 0;
  let count = 0;

  return {
    add(value: number): void {
      const scaled = value * scale;
      const next = sum + scaled;
      lost += Math.abs(sum) >= Math.abs(scaled) ? sum - next + scaled : scaled - next + sum;
      sum = next;
      count += 1;
    },

    /** Null without numbers. */
    value: (): number | null => (count === 0 ? null : (sum + lost) / count / scale),
  };
}

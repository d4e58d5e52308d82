import type { ProfiledColumn } from "../../../protocol/profiles.ts";

const height = 24;
const step = 10;

/** How many rows lie in each part of a column's range, or have each of its commonest values. */
export const countsOf = ({ histogram, top }: ProfiledColumn): number[] =>
  (histogram.length > 0 ? histogram : top).map(({ count }) => count);

/** A tiny chart; the words beside it say the same. */
export const Bars = ({ column }: { column: ProfiledColumn }) => {
  const counts = countsOf(column);
  const largest = Math.max(...counts, 0);
  const isTop = column.histogram.length === 0;
  // Values that all stand there once make no picture.
  if (largest === 0 || (isTop && largest === 1 && counts.length > 1))
    return <span className="chart-bars" />;
  return (
    <svg
      className="chart-bars"
      viewBox={`0 0 ${Math.max(counts.length, 8) * step} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {counts.map((count, index) => {
        // A part with few rows in it must not look like one with none.
        const tall = count === 0 ? 0 : Math.max(1.5, (count / largest) * height);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
          <rect key={index} x={index * step + 1} y={height - tall} width={step - 2} height={tall} />
        );
      })}
    </svg>
  );
};

import type { ProfiledColumn } from "../../../protocol/profiles.ts";
import type { RecordCondition } from "../../../protocol/record-queries.ts";
import { formatCount, formatCounted } from "../format.ts";
import { filterOfBar, filterOfValue } from "./bar-filter.ts";
import { formatDistinct, formatMean, formatShare, formatShort } from "./words.ts";

type Props = {
  column: ProfiledColumn;
  rows: number;
  onFilter: (conditions: RecordCondition[]) => void;
};

/** All that is known of a column; its bars and commonest values filter by themselves. */
export const Details = ({ column, rows, onFilter }: Props) => (
  <>
    <p className="details-title">
      <strong>{column.name}</strong> <span className="quiet">{column.type}</span>
    </p>
    <dl className="facts">
      {factsOf(column, rows).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
    <Histogram column={column} rows={rows} onFilter={onFilter} />
    <Top column={column} rows={rows} onFilter={onFilter} />
    <p className="details-end quiet">Of all {formatCounted(rows, "row")}, filtered or not.</p>
  </>
);

const factsOf = (column: ProfiledColumn, rows: number): [string, string][] => {
  const { nulls, min, max, mean } = column;
  const facts: [string, string][] = [
    ["Empty", nulls === 0 ? "none" : `${formatCount(nulls)} (${formatShare(nulls, rows)})`],
    ["Different values", formatDistinct(column)],
  ];
  if (min !== null) facts.push(["Smallest", String(min)]);
  if (max !== null) facts.push(["Largest", String(max)]);
  if (mean !== null) facts.push(["Mean", formatMean(mean)]);
  return facts;
};

const Histogram = ({ column: { name, histogram }, onFilter }: Props) => {
  if (histogram.length === 0) return null;
  const largest = Math.max(...histogram.map(({ count }) => count));
  return (
    <ul className="histogram" aria-label="How the values are spread">
      {histogram.map((bar, index) => {
        const words = `${formatShort(bar.from)} to ${formatShort(bar.to)}: ${formatCounted(bar.count, "row")}`;
        const share = bar.count === 0 ? 0 : Math.max(4, (100 * bar.count) / largest);
        return (
          <li key={String(bar.from)}>
            <button
              type="button"
              title={words}
              aria-label={words}
              onClick={() => onFilter(filterOfBar(name, bar, index === histogram.length - 1))}
            >
              <span style={{ height: `${share}%` }} />
            </button>
          </li>
        );
      })}
    </ul>
  );
};

const Top = ({ column: { name, type, top, distinct }, rows, onFilter }: Props) => {
  // Values that are all different have no commonest among them.
  if (top.length === 0 || (top[0]?.count === 1 && distinct.count > 1)) return null;
  return (
    <ul className="top-values" aria-label="The commonest values">
      {top.map(({ value, count }) => {
        const condition = filterOfValue(name, type, value);
        const face = (
          <>
            <span className="top-value">{value === null ? "–" : String(value) || "(no text)"}</span>
            <span className="top-count">
              {distinct.exact ? "" : "≥ "}
              {formatCount(count)} · {formatShare(count, rows)}
            </span>
            <span className="top-bar" style={{ width: `${(100 * count) / Math.max(rows, 1)}%` }} />
          </>
        );
        return (
          <li key={String(value)}>
            {condition ? (
              <button type="button" onClick={() => onFilter([condition])}>
                {face}
              </button>
            ) : (
              <span className="top-still">{face}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
};

import { RequestError } from "../../../client/request.ts";
import { askFor, type Place } from "../place/place.ts";
import { isPlain } from "../place/question.ts";
import { describeCondition, describeSort } from "../question/words.ts";
import { explain } from "../ui/explain.ts";
import { Preparing } from "./preparing.tsx";

type Props = { failure: unknown; place: Place; onAgain: () => void };

/** Why there is no page, and what to do about it. */
export const Trouble = ({ failure, place, onAgain }: Props) => {
  if (!failure) return null;
  if (failure instanceof RequestError && failure.code === "index_building" && failure.jobId)
    return <Preparing key={failure.jobId} jobId={failure.jobId} place={place} onEnd={onAgain} />;
  return (
    <div className="banner banner-bad banner-ways" role="alert">
      <p>{describe(failure, place)}</p>
      <button type="button" className="button-small" onClick={onAgain}>
        Try again
      </button>
      {place.tab === "rows" && !isPlain(place) && (
        <button
          type="button"
          className="button-small"
          onClick={() => askFor(place, { sort: null, filter: [] })}
        >
          Show all rows
        </button>
      )}
    </div>
  );
};

const describe = (failure: unknown, place: Place): string => {
  if (!(failure instanceof RequestError)) return explain(failure);
  if (failure.code === "query_timeout")
    return place.sort && place.filter.length > 0
      ? "That took too long. Filter by something rarer, or take the order away."
      : "That took too long. Filter by something rarer, such as one value of a column.";
  const { errors } = failure;
  if (failure.code !== "validation_failed" || errors.length === 0) return explain(failure);
  return errors.map(({ path, message }) => `${nameOf(path, place)} ${message}.`).join(" ");
};

/** What a path of the request stands for on this page. */
const nameOf = (path: string, { sort, filter }: Place) => {
  const condition = filter[Number(/^filter\.(\d+)/.exec(path)?.[1] ?? Number.NaN)];
  if (condition) return `The filter “${describeCondition(condition)}” doesn't fit: it`;
  return sort && path.startsWith("sort")
    ? `The order by ${describeSort(sort)} doesn't fit: it`
    : path;
};

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
  const jobId = findJobOfIndex(failure);
  const showAll = (words: string) => (
    <button
      type="button"
      className="button-small"
      onClick={() => askFor(place, { sort: null, filter: [] })}
    >
      {words}
    </button>
  );
  if (jobId)
    return (
      <Preparing
        key={jobId}
        jobId={jobId}
        what={describeWhat(place)}
        next="the rows come"
        onEnd={onAgain}
      >
        {showAll("Show all rows instead")}
      </Preparing>
    );
  return (
    <div className="banner banner-bad banner-ways" role="alert">
      <p>{describe(failure, place)}</p>
      <button type="button" className="button-small" onClick={onAgain}>
        Try again
      </button>
      {place.tab === "rows" && !isPlain(place) && showAll("Show all rows")}
    </div>
  );
};

/** The job to wait for, where a question has to. */
export const findJobOfIndex = (failure: unknown): string | undefined =>
  failure instanceof RequestError && failure.code === "index_building" ? failure.jobId : undefined;

const describeWhat = ({ sort, filter }: Place) => {
  const columns = [...new Set(filter.map(({ column }) => column))].join(" and ");
  if (!sort) return `filter by ${columns}`;
  return `sort by ${sort.column}${columns && ` and filter by ${columns}`}`;
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

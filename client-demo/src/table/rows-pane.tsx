import type { Dataset } from "../../../protocol/datasets.ts";
import type { RecordCondition } from "../../../protocol/record-queries.ts";
import { askFor, type Place } from "../place/place.ts";
import { isPlain, mostConditions, toQuery } from "../place/question.ts";
import { useProfile } from "../profile/use-profile.ts";
import { FilterBar } from "../question/filter-bar.tsx";
import { useSpoken } from "../question/use-spoken.ts";
import { describeFilter } from "../question/words.ts";
import { useWorkbench } from "../workbench.tsx";
import { Frame } from "./frame.tsx";
import { pageSize } from "./page-cache.ts";
import { RowsTable } from "./rows-table.tsx";
import { usePage } from "./use-page.ts";

type Props = {
  dataset: Dataset;
  place: Place;
  /** rows come in at their old places, not at the end */
  isMending: boolean;
};

export const RowsPane = ({ dataset, place, isMending }: Props) => {
  const { live } = useWorkbench();
  const { id, name, columns, rows, status, version } = dataset;
  const load = ({ cursor, ...question }: Place) =>
    live.ask("records:list", {
      datasetId: id,
      limit: pageSize,
      ...toQuery(question),
      ...(cursor && { cursor }),
    });
  const isGrowing = status === "importing";
  const mode = isPlain(place) && !isMending ? "append" : "offer";
  const result = usePage({ load, place, count: rows, version, mode, isGrowing });
  const profile = useProfile(dataset);
  const { shown } = result;
  useSpoken(shown, rows);
  const total = shown?.place === place ? shown.page.total : null;
  return (
    <>
      {columns.length > 0 && <FilterBar dataset={dataset} place={place} total={total} />}
      <Frame
        label={`Rows of ${name}`}
        noun="row"
        place={place}
        result={result}
        empty={<Empty isGrowing={isGrowing} place={place} />}
      >
        {(viewport) => (
          <RowsTable
            name={name}
            columns={columns}
            items={shown?.page.items ?? []}
            viewport={viewport}
            sort={place.sort}
            onSort={(sort) => askFor(place, { sort })}
            profile={profile}
            onFilter={(added) => askFor(place, { filter: replaceOf(place, added) })}
          />
        )}
      </Frame>
    </>
  );
};

/** Bars and values of one column are tried one after the other: the newest counts. */
const replaceOf = ({ filter }: Place, added: RecordCondition[]) => {
  const others = filter.filter(({ column }) => !added.some((one) => one.column === column));
  return [...others.slice(0, mostConditions - added.length), ...added];
};

const Empty = ({ isGrowing, place }: { isGrowing: boolean; place: Place }) => {
  if (place.filter.length === 0)
    return <p>{isGrowing ? "The first rows will show here." : "No rows came in."}</p>;
  return (
    <>
      <p className="empty-why">
        No row{isGrowing && " so far"} where {describeFilter(place.filter)}.
      </p>
      <p>
        <button type="button" onClick={() => askFor(place, { filter: [] })}>
          Clear {place.filter.length === 1 ? "the filter" : "all filters"}
        </button>
      </p>
    </>
  );
};

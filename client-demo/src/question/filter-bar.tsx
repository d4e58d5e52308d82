import { useState } from "react";
import type { Dataset } from "../../../protocol/datasets.ts";
import type { Page } from "../../../protocol/pages.ts";
import type { RecordCondition } from "../../../protocol/record-queries.ts";
import { ExportButton } from "../export/export-button.tsx";
import { askFor, type Place } from "../place/place.ts";
import { mostConditions } from "../place/question.ts";
import { FilterDialog } from "./filter-dialog.tsx";
import { describeCondition, describeSort, describeTotal } from "./words.ts";

type Props = {
  dataset: Dataset;
  place: Place;
  /** of the filtered rows; null while unknown */
  total: Page<unknown>["total"] | null;
};

/** What the rows below have been asked for, each part to be taken away again. */
export const FilterBar = ({ dataset, place, total }: Props) => {
  const [isAsking, setIsAsking] = useState(false);
  const { filter, sort } = place;
  const put = (changed: RecordCondition[]) => askFor(place, { filter: changed });
  const isFull = filter.length >= mostConditions;
  return (
    <div className="question">
      <button type="button" disabled={isFull} onClick={() => setIsAsking(true)}>
        Filter
      </button>
      <ul className="chips" aria-label="Filters and order">
        {filter.map((condition) => (
          <Chip
            key={describeCondition(condition)}
            words={describeCondition(condition)}
            onRemove={() => put(filter.filter((one) => one !== condition))}
          />
        ))}
        {sort && (
          <Chip words={`by ${describeSort(sort)}`} onRemove={() => askFor(place, { sort: null })} />
        )}
      </ul>
      {filter.length > 0 && total && (
        <p className="question-total">{describeTotal(total, dataset.rows)} rows</p>
      )}
      <div className="question-end">
        <ExportButton dataset={dataset} place={place} total={total} />
      </div>
      {isAsking && (
        <FilterDialog
          columns={dataset.columns}
          taken={filter.length}
          onAdd={(added) => put([...filter, ...added])}
          onClose={() => setIsAsking(false)}
        />
      )}
    </div>
  );
};

const Chip = ({ words, onRemove }: { words: string; onRemove: () => void }) => (
  <li className="chip">
    <span className="chip-words" title={words}>
      {words}
    </span>
    <button type="button" className="chip-away" aria-label={`Remove: ${words}`} onClick={onRemove}>
      ×
    </button>
  </li>
);

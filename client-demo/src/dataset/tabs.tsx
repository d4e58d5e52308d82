import type { Dataset } from "../../../protocol/datasets.ts";
import { formatCount } from "../format.ts";
import { home, type Place, type Tab, writePlace } from "../place/place.ts";

type Props = { dataset: Dataset; place: Place };

/** Links rather than buttons: each tab has an address; what was asked of the rows is kept meanwhile. */
export const Tabs = ({ dataset, place }: Props) => {
  const { sort, filter } = place;
  const link = (tab: Tab, words: string, count: number) => (
    <a
      className="tab"
      href={writePlace({ ...home, dataset: dataset.id, tab, sort, filter })}
      aria-current={place.tab === tab ? "page" : undefined}
    >
      {words} <span className="tab-count">{formatCount(count)}</span>
    </a>
  );
  return (
    <nav className="tabs" aria-label="Parts of the dataset">
      {link("rows", "Rows", dataset.rows)}
      {link("rejects", "Rejected", dataset.rejected)}
    </nav>
  );
};

import { useWorkbench } from "../workbench.tsx";
import { createSample } from "./sample.ts";

/** The way in for files: a button and, where there is room for it, sample data. */
export const Pick = ({ isBig }: { isBig: boolean }) => {
  const { uploads } = useWorkbench();
  return (
    <div className={isBig ? "pick pick-big" : "pick"}>
      {isBig && <p className="pick-words">Drop a CSV or NDJSON file anywhere in this window.</p>}
      <div className="row row-wrap">
        <label className="button button-main">
          Choose a file
          <input
            type="file"
            className="unseen"
            accept=".csv,.ndjson,.jsonl,text/csv,application/x-ndjson"
            multiple
            onChange={(event) => {
              uploads.add(event.target.files ?? []);
              // The same file may be chosen again.
              event.target.value = "";
            }}
          />
        </label>
        <button type="button" onClick={() => uploads.add([createSample()])}>
          {isBig ? "Try it with sample data" : "Sample data"}
        </button>
      </div>
    </div>
  );
};

import { useEffect, useState } from "react";
import type { Dataset, Format } from "../../../protocol/datasets.ts";
import type { Page } from "../../../protocol/pages.ts";
import type { Place } from "../place/place.ts";
import { toQuery } from "../place/question.ts";
import { describeQuestion } from "../question/words.ts";
import { useStore } from "../store.ts";
import { Preparing } from "../table/preparing.tsx";
import { findJobOfIndex } from "../table/trouble.tsx";
import { Check, Radios } from "../ui/choice.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { explain } from "../ui/explain.ts";
import { createKey } from "../upload/send-file.ts";
import { useWorkbench } from "../workbench.tsx";
import { ExportItem } from "./export-item.tsx";
import { exportsOf } from "./words.ts";

type Props = {
  dataset: Dataset;
  place: Place;
  /** of the rows that are shown; null while that is unknown */
  total: Page<unknown>["total"] | null;
  onClose: () => void;
};

const formats = [
  ["csv", "CSV"],
  ["ndjson", "NDJSON"],
] as const;

/** The way out: what is shown as a file, and the files that were made so far. */
export const ExportDialog = ({ dataset, place, total, onClose }: Props) => {
  const { live, work } = useWorkbench();
  const [format, setFormat] = useState<Format>(dataset.format);
  const [gzip, setGzip] = useState(false);
  const [raw, setRaw] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const made = exportsOf(useStore(work.store).exports, dataset);
  useEffect(() => work.look(dataset.id), [work, dataset.id]);

  const jobOfIndex = findJobOfIndex(failure);
  const start = () => {
    if (isBusy) return;
    setIsBusy(true);
    const wanted = { format, gzip, raw, idempotencyKey: createKey() };
    live
      .ask("exports:create", { datasetId: dataset.id, ...toQuery(place), ...wanted })
      .then(({ job }) => {
        work.takeJob(job);
        setFailure(null);
      }, setFailure)
      .finally(() => setIsBusy(false));
  };
  return (
    <Dialog
      title={`Export ${dataset.name}`}
      onClose={onClose}
      confirm={{ label: "Export", onConfirm: start }}
      dismiss="Close"
    >
      <p className="sentence">
        {total ? `${describeQuestion(place, total, dataset.rows)}.` : "The rows as shown."}
      </p>
      <Radios label="Format" value={format} options={formats} onChange={setFormat} />
      <div>
        <Check label="Packed with gzip" isOn={gzip} onChange={setGzip} />
        <Check
          label="Exactly as in the source"
          hint="Every cell keeps its text, such as 1.50 or TRUE. Otherwise text that a spreadsheet might run begins with a '."
          isOn={raw}
          onChange={setRaw}
        />
      </div>
      {jobOfIndex ? (
        <Preparing
          key={jobOfIndex}
          jobId={jobOfIndex}
          what="find these rows"
          next="the export begins"
          onEnd={start}
        />
      ) : (
        failure !== null && (
          <p className="banner banner-bad" role="alert">
            {explain(failure)}
          </p>
        )
      )}
      {made.length > 0 && (
        <section aria-label="Exports so far">
          <h3>Exports so far</h3>
          <ul className="exports">
            {made.map((job) => (
              <ExportItem key={job.id} job={job} />
            ))}
          </ul>
          <p className="quiet">They go on and stay when this is closed.</p>
        </section>
      )}
    </Dialog>
  );
};

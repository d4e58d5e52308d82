import { useState } from "react";
import type { Dataset } from "../../../protocol/datasets.ts";
import { downloadRejects } from "../api.ts";
import { formatBytes } from "../format.ts";
import { useStore } from "../store.ts";
import { Bar } from "../ui/bar.tsx";
import { explain } from "../ui/explain.ts";
import { complain } from "../ui/notices.tsx";
import { saveBlob } from "../ui/save-blob.ts";
import { useWorkbench } from "../workbench.tsx";
import type { Sending } from "./repairs.ts";

type Props = { dataset: Dataset; isBusy: boolean };

/** The way of the rejected rows out and, mended, in again. */
export const RepairBar = ({ dataset, isBusy }: Props) => {
  const { repairs } = useWorkbench();
  const sending = useStore(repairs.store)[dataset.id];
  if (sending) return <OnItsWay dataset={dataset} sending={sending} />;
  if (dataset.rejected === 0) return null;
  return (
    <div className="repair">
      <Download dataset={dataset} />
      <label className={isBusy ? "button button-off" : "button"}>
        Upload the repaired file
        <input
          type="file"
          className="unseen"
          disabled={isBusy}
          accept={dataset.format === "csv" ? ".csv,text/csv" : ".ndjson,.jsonl"}
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            if (file) repairs.send(dataset, file);
            // The same file may be chosen again.
            event.target.value = "";
          }}
        />
      </label>
      <p className="repair-how quiet">
        Mend the rows in a spreadsheet or an editor and leave <code>_row</code> as it is: rows that
        fit then take their places.
      </p>
    </div>
  );
};

const Download = ({ dataset }: { dataset: Dataset }) => {
  const { session } = useWorkbench();
  const [isBusy, setIsBusy] = useState(false);
  const download = () => {
    setIsBusy(true);
    downloadRejects(session.token, dataset)
      .then(
        (blob) => saveBlob(blob, nameOf(dataset)),
        (error) => complain(explain(error)),
      )
      .finally(() => setIsBusy(false));
  };
  return (
    <button type="button" disabled={isBusy} onClick={download}>
      {isBusy ? "Downloading…" : "Download to repair"}
    </button>
  );
};

const nameOf = ({ name, format }: Dataset) =>
  `${name.replace(/\.(csv|tsv|txt|ndjson|jsonl)$/i, "")} rejects.${format}`;

const OnItsWay = ({ dataset, sending }: { dataset: Dataset; sending: Sending }) => {
  const { repairs } = useWorkbench();
  const { file, sent, error } = sending;
  const percent = file.size === 0 ? 0 : Math.floor((100 * sent) / file.size);
  const words = `${formatBytes(sent)} of ${formatBytes(file.size)} sent`;
  const cancel = (
    <button type="button" className="button-small" onClick={() => repairs.cancel(dataset.id)}>
      {error ? "Dismiss" : "Cancel upload"}
    </button>
  );
  if (error)
    return (
      <div className="banner banner-bad banner-ways" role="alert">
        <p>
          {file.name} was not taken: {error}
        </p>
        <button type="button" className="button-small" onClick={() => repairs.again(dataset)}>
          Try again
        </button>
        {cancel}
      </div>
    );
  return (
    <div className="repair">
      <div className="repair-sending">
        <p>
          Uploading {file.name} · {words}
        </p>
        <Bar name={file.name} percent={percent} words={words} />
      </div>
      {cancel}
    </div>
  );
};

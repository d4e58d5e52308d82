import { formatBytes } from "../format.ts";
import { percentOfUpload } from "../import/progress.ts";
import { Bar } from "../ui/bar.tsx";
import { useWorkbench } from "../workbench.tsx";
import type { Upload } from "./uploads.ts";

const describe = ({ state, sent, file }: Upload) => {
  if (state === "waiting") return "Waiting to upload";
  if (state === "failed") return "Upload failed";
  if (sent === file.size) return "Storing the file";
  return `Uploading · ${formatBytes(sent)} of ${formatBytes(file.size)}`;
};

export const UploadItem = ({ upload }: { upload: Upload }) => {
  const { uploads } = useWorkbench();
  const { id, file, state, sent, error } = upload;
  const words = describe(upload);
  return (
    <li className="item">
      <div className="item-body">
        <span className="item-name">{file.name}</span>
        {state !== "failed" && (
          <Bar name={file.name} percent={percentOfUpload(sent, file.size)} words={words} />
        )}
        <span className="item-line">{words}</span>
        {error && <span className="note note-bad">{error}</span>}
        <span className="row">
          {state === "failed" && (
            <button type="button" className="button-small" onClick={() => uploads.again(id)}>
              Try again
            </button>
          )}
          <button type="button" className="button-small" onClick={() => uploads.cancel(id)}>
            {state === "failed" ? "Dismiss" : "Cancel upload"}
          </button>
        </span>
      </div>
    </li>
  );
};

import type { Dataset } from "../../../protocol/datasets.ts";
import type { Job } from "../../../protocol/jobs.ts";
import { ApiProblem, toProblem } from "../api.ts";

export type Submitted = { dataset: Dataset; job: Job };

type Options = {
  /** below `/api/v1` */
  path: string;
  type: "text/csv" | "application/x-ndjson";
  token: string;
  /** the same for every try of one upload, so that a lost answer makes no second dataset */
  key: string;
  signal: AbortSignal;
  onProgress: (sentBytes: number) => void;
};

export const typeOf = (name: string): Options["type"] =>
  /\.(ndjson|jsonl)$/i.test(name) ? "application/x-ndjson" : "text/csv";

/** Uploads a file as the raw body; XMLHttpRequest, for fetch doesn't tell how much was sent. */
export const sendFile = (file: File, { path, type, token, key, signal, onProgress }: Options) =>
  new Promise<Submitted>((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open("POST", `/api/v1${path}`);
    call.setRequestHeader("Authorization", `Bearer ${token}`);
    call.setRequestHeader("Content-Type", type);
    call.setRequestHeader("Idempotency-Key", key);
    call.upload.onprogress = ({ loaded }) => onProgress(loaded);
    call.onerror = () => reject(new ApiProblem({}, 0));
    call.onabort = () => reject(signal.reason);
    call.onload = () => {
      if (call.status === 202) resolve(JSON.parse(call.responseText));
      else reject(toProblem(call.status, call.responseText, call.getResponseHeader("Retry-After")));
    };
    signal.addEventListener("abort", () => call.abort());
    call.send(file);
  });

/** 128 random bits; `crypto.randomUUID` is missing on plain HTTP. */
export const createKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

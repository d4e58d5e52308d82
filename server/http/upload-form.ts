import type { z } from "zod";
import type { emptyQuery } from "../../protocol/common.ts";
import type { Format, uploadQuery } from "../../protocol/datasets.ts";
import { cleanFileName } from "../datasets/dataset-name.ts";
import { AppError } from "../errors.ts";
import { invalid, parseInput } from "../input.ts";
import type { Submission } from "../jobs/submissions.ts";
import { decodeField } from "./body.ts";
import { readPartHead } from "./part-head.ts";
import { type Part, splitParts } from "./parts.ts";
import { readFileFormat } from "./upload-format.ts";

export type UploadFields = z.output<typeof uploadQuery>;

/** Which fields a form may have, all or none of an upload's. */
export type FieldsSchema = typeof uploadQuery | typeof emptyQuery;

type Options = { query: UploadFields; fields: FieldsSchema; mostFieldBytes: number };
type Field = { name: string; chunks: Uint8Array[]; bytes: number };
type File = { name: string; format: Format };

const fileField = "file";

export const isForm = (contentType: string): boolean =>
  /^\s*multipart\/form-data\s*(;|$)/i.test(contentType);

/**
 * Reads a form (RFC 7578) of one part `file` and the fields of an upload, which may also stand behind the file or
 * in the query; `bytes` are the file's.
 */
export function openForm(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
  { query, fields: schema, mostFieldBytes }: Options,
): Omit<Submission, "key"> {
  const boundary = readBoundary(contentType);
  const parts = new Map<Part, Field | File>();
  const seen = new Set<string>(Object.keys(query));

  function begin(part: Part): Field | File {
    const { name, fileName, contentType } = readPartHead(part.headers);
    if (seen.has(name)) throw invalid([{ path: name, message: "stands there twice" }]);
    seen.add(name);
    const isFile = name === fileField;
    if (!isFile && !Object.hasOwn(schema.shape, name)) {
      throw invalid([{ path: "", message: `Unrecognized key: ${JSON.stringify(name)}` }]);
    }
    // What stands before the file is checked before its bytes come.
    if (isFile) readFields();
    const begun = isFile
      ? { name: fileName, format: readFileFormat(contentType, fileName) }
      : { name, chunks: [], bytes: 0 };
    parts.set(part, begun);
    return begun;
  }

  function collect(field: Field, data: Uint8Array): void {
    field.bytes += data.length;
    if (field.bytes > mostFieldBytes) {
      throw new AppError("payload_too_large", `The field ${field.name} is too long.`);
    }
    field.chunks.push(data);
  }

  function readFields(): UploadFields {
    const fields: Record<string, unknown> = Object.create(null);
    for (const part of parts.values()) {
      if ("chunks" in part) fields[part.name] = decodeField(part.name, toText(part));
    }
    return { ...query, ...parseInput(schema, fields) };
  }

  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const { part, data } of splitParts(body, boundary)) {
      const begun = parts.get(part) ?? begin(part);
      if ("chunks" in begun) collect(begun, data);
      else if (data.length > 0) yield data;
    }
    if (!seen.has(fileField)) throw invalid([{ path: fileField, message: "is missing" }]);
  }

  return {
    bytes: bytes(),
    describe() {
      const file = [...parts.values()].find((part) => "format" in part);
      if (!file) throw new Error("asked before the form was read");
      const { name, options = {} } = readFields();
      return { name: cleanFileName(name || file.name), format: file.format, options };
    },
  };
}

function readBoundary(contentType: string): string {
  const [, quoted, plain] =
    /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary) return boundary;
  throw new AppError("bad_request", "A form needs a boundary of 1 to 70 characters.");
}

function toText({ name, chunks }: Field): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw invalid([{ path: name, message: "is not UTF-8" }]);
  }
}

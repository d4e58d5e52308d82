import type { Submitted } from "../../../protocol/jobs.ts";
import type { TestClient } from "../../support/client.ts";

type Part = { name: string; content: string; fileName?: string; type?: string; more?: string[] };

export const boundary = "----sluice4f0c";
export const formType = `multipart/form-data; boundary=${boundary}`;

/** A form as browsers write it (RFC 7578), in bytes. */
export const makeForm = (...parts: Part[]): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(`${parts.map(beginPart).join("")}--${boundary}--\r\n`);

/** Its bytes up to the end of a part's content, with what ends a line behind it. */
export function beginPart({ name, content, fileName, type, more = [] }: Part): string {
  const file = fileName === undefined ? "" : `; filename="${fileName}"`;
  const lines = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="${name}"${file}`,
    ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    ...more,
  ];
  return `${lines.join("\r\n")}\r\n\r\n${content}\r\n`;
}

/** A part that holds the value of a field. */
export const field = (name: string, content: string): Part => ({ name, content });

/** The part that holds the file. */
export const filePart = (content = "a\n1\n", more: Partial<Part> = {}): Part => ({
  name: "file",
  fileName: "test.csv",
  type: "text/csv",
  content,
  ...more,
});

/** A form whose file is made as it is read, with a field behind it. */
export function streamForm(
  file: ReadableStream<Uint8Array>,
  field: Part,
): ReadableStream<Uint8Array> {
  const encode = (text: string) => new TextEncoder().encode(text);
  const before = beginPart(filePart("")).slice(0, -"\r\n".length);
  const after = `\r\n${beginPart(field)}--${boundary}--\r\n`;
  const around = new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => controller.enqueue(encode(before)),
    flush: (controller) => controller.enqueue(encode(after)),
  });
  return file.pipeThrough(around);
}

/** Uploads such a form. */
export const sendForm = (
  client: TestClient,
  body: Uint8Array<ArrayBuffer>,
  { query = "", type = formType, headers = {} } = {},
) =>
  client.call<Submitted>(`/api/v1/datasets${query}`, {
    method: "POST",
    body,
    headers: { "Content-Type": type, ...headers },
  });

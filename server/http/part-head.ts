import { isUtf8 } from "node:buffer";
import { parse } from "content-disposition";
import { AppError } from "../errors.ts";
import type { PartHeaders } from "./parts.ts";

type PartHead = { name: string; fileName: string; contentType: string };

const plainEncodings = ["7bit", "8bit", "binary"];

/** What the header of a form's part says (RFC 7578); an absent file name or Content-Type is empty. */
export function readPartHead(headers: PartHeaders): PartHead {
  const encoding = headers["content-transfer-encoding"]?.[0]?.trim().toLowerCase();
  if (encoding && !plainEncodings.includes(encoding)) {
    throw new AppError("unsupported_media_type", "A part may not have a transfer encoding.");
  }
  const { name, filename = "" } = readDisposition(headers["content-disposition"]?.[0] ?? "");
  if (name === undefined) throw damaged();
  const contentType = headers["content-type"]?.[0]?.trim() ?? "";
  return { name, fileName: decode(filename), contentType };
}

function readDisposition(value: string): Record<string, string | undefined> {
  try {
    const { type, parameters } = parse(value);
    if (type === "form-data") return parameters;
  } catch (cause) {
    throw damaged(cause);
  }
  throw damaged();
}

/** Browsers write UTF-8; what isn't is taken as it stands. */
function decode(text: string): string {
  const bytes = Buffer.from(text, "latin1");
  return bytes.toString("latin1") === text && isUtf8(bytes) ? bytes.toString() : text;
}

const damaged = (cause?: unknown) =>
  new AppError("bad_request", "A part of the form doesn't say which it is.", { cause });

export type Range = { start: number; end: number };

/**
 * The part of `size` bytes that a `Range` header asks for (RFC 9110, section 14), `end` excluded: "whole" for another
 * unit or several ranges at once, "none" where there is no such part.
 */
export function readRange(header: string, size: number): Range | "whole" | "none" {
  const [, asked] = /^bytes=(.*)$/i.exec(header) ?? [];
  if (asked === undefined || asked.includes(",")) return "whole";
  const [, first = "", last = ""] = /^\s*(\d*)-(\d*)\s*$/.exec(asked) ?? [];
  const isSuffix = first === "";
  if (isSuffix && last === "") return "none";
  const start = isSuffix ? Math.max(0, size - Number(last)) : Number(first);
  const end = isSuffix || last === "" ? size : Math.min(size, Number(last) + 1);
  return start < end ? { start, end } : "none";
}

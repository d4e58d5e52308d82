const longestName = 200;

/** Cleans the name of a file: no folders, no control characters, at most 200 characters. */
export function cleanFileName(fileName: string | undefined): string {
  const base = (fileName ?? "").toWellFormed().split(/[/\\]/).at(-1) ?? "";
  const visible = base.replace(/[\p{Cc}\p{Cf}]/gu, "").trim();
  return [...visible].slice(0, longestName).join("") || "Untitled";
}

export type NaiveRow = {
  offset: number;
  line: number;
  code: "too_large" | "quote" | null;
  /** Only of a row with a fault in its quotes. */
  raw: string;
  cells: string[];
};

type Read = { code: NaiveRow["code"]; cells: string[]; next: number };

/**
 * The rows of a text (one byte a character) by the letter of the protocol, in the plainest way: the
 * reference for the tokeniser. Rows are read afresh after each open quote, so it is slow.
 */
export function readNaively(text: string, limit: number): NaiveRow[] {
  const rows: NaiveRow[] = [];
  let at = 0;
  while (at < text.length) {
    const blank = /^\r?\n/.exec(text.slice(at));
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const { code, cells, next } = readRow(text, at, limit);
    const line = text.slice(0, at).split("\n").length;
    const raw = code === "quote" ? text.slice(at, next).replace(/\r?\n$/, "") : "";
    rows.push({ offset: at, line, code, raw, cells });
    at = next;
  }
  return rows;
}

function readRow(text: string, start: number, limit: number): Read {
  const cells: string[] = [];
  let at = start;
  for (;;) {
    const tooLarge = (end: number) => end - start > limit;
    let end: number;
    if (text[at] === '"') {
      if (at - start >= limit) return skipCell(text, at - 1, limit);
      const close = closingQuote(text, at, start + limit);
      if (close < 0) return { code: "quote", cells: [], next: afterLine(text, start) };
      cells.push(text.slice(at + 1, close).replaceAll('""', '"'));
      end = close + 1;
      if (!/^(,|\r?\n|$)/.test(text.slice(end, end + 2))) {
        if (text.length > end) return { code: "quote", cells: [], next: afterLine(text, end) };
      }
    } else {
      end = at;
      while (end < text.length && text[end] !== "," && !/^\r?\n/.test(text.slice(end, end + 2))) {
        end += 1;
      }
      if (tooLarge(end)) return skipCell(text, end, limit);
      cells.push(text.slice(at, end));
    }
    if (text[end] === ",") {
      at = end + 1;
      continue;
    }
    const next = afterLine(text, end);
    return tooLarge(end) ? { code: "too_large", cells: [], next } : { code: null, cells, next };
  }
}

/** From inside an unquoted cell of a row that is too large: what follows reads like a row. */
function skipCell(text: string, from: number, limit: number): Read {
  let at = from;
  while (at < text.length && text[at] !== "," && text[at] !== "\n") at += 1;
  const next = text[at] === "," ? readRow(text, at + 1, limit).next : Math.min(at + 1, text.length);
  return { code: "too_large", cells: [], next };
}

function closingQuote(text: string, open: number, bound: number): number {
  let at = open + 1;
  while (at < text.length && at < bound) {
    if (text[at] !== '"') at += 1;
    else if (text[at + 1] === '"') at += 2;
    else return at;
  }
  return -1;
}

function afterLine(text: string, from: number): number {
  const lineEnd = text.indexOf("\n", from);
  return lineEnd < 0 ? text.length : lineEnd + 1;
}

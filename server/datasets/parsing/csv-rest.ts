import type { Delimiter } from "../../../protocol/datasets.ts";
import { createCsvRow } from "./csv-row.ts";
import { tokenise } from "./csv-tokeniser.ts";
import { countLines } from "./rows.ts";
import type { Window } from "./window.ts";

/** Where the window stands: inside an unquoted cell, at a cell's start, or in a line to give up. */
type Standing = "cell" | "cells" | "line";

/** The rest of a row that is rejected already: dropped as it comes, so that memory stays flat. */
export type Rest = {
  begin: (standing: "cell" | "line") => void;
  pending: () => boolean;
  skip: () => number;
};

/** `skip` moves the window's start as far as its bytes reach and answers how many lines it passed. */
export function createRest(window: Window, delimiter: Delimiter, limit: number): Rest {
  const row = createCsvRow(delimiter, 0, limit);
  let standing: Standing | null = null;

  function skip(): number {
    let lines = 0;
    for (let before = -1; standing && window.start !== before; ) {
      before = window.start;
      if (standing === "line") standing = skipTo([10]);
      else if (standing === "cell") standing = skipTo([10, row.delimiter]);
      else standing = skipCells();
      lines += countLines(window.bytes, before, window.start);
    }
    return lines;
  }

  function skipTo(stops: number[]): Standing | null {
    const { bytes, start, end, atEnd } = window;
    const unread = bytes.subarray(start, end);
    const places = stops.map((stop) => unread.indexOf(stop)).filter((place) => place >= 0);
    if (places.length === 0) {
      window.start = end;
      return atEnd ? null : standing;
    }
    const at = start + Math.min(...places);
    window.start = at + 1;
    return bytes[at] === 10 ? null : "cells";
  }

  /** What follows a delimiter reads like a row of its own, quotes included. */
  function skipCells(): Standing | null {
    const { bytes, start, end, atEnd } = window;
    row.sealed = 0;
    const outcome = tokenise(row, bytes, start, end, atEnd);
    if (outcome === "more") return "cells";
    if (row.next >= 0) {
      window.start = row.next;
      return null;
    }
    window.start = row.resume;
    return outcome === "too_large" ? "cell" : "line";
  }

  const begin = (where: "cell" | "line") => {
    standing = where;
  };
  return { begin, pending: () => standing !== null, skip };
}

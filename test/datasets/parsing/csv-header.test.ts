import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { makeUnique } from "../../../server/datasets/parsing/csv-header.ts";
import { parseFile } from "../../support/parse-file.ts";

describe("header names", () => {
  it("are unique, and those that were so stay", () => {
    const name = fc.constantFrom(
      "",
      "a",
      "a_2",
      "a_3",
      "a_2_2",
      "column_1",
      "column_2",
      "column_3",
    );

    fc.assert(
      fc.property(fc.array(name), (names) => {
        const unique = makeUnique(names);

        expect(new Set(unique).size).toBe(names.length);
        for (const [index, original] of names.entries()) {
          const isFirst = original !== "" && names.indexOf(original) === index;
          expect(isFirst ? unique[index] : original).toBe(original);
        }
      }),
    );
  });
});

describe("the delimiter", () => {
  it.each([
    ["is a comma where nothing splits the header", "a\n1\n", ","],
    ["is a comma where a header could be split two ways", "a,b;c\n", ","],
    ["must be in the header", "a;b\n1,5;2,5\n3,5;4,5\n", ";"],
    ["is the one that rows agree on", "last, first;age\nx;1\ny;2\n", ";"],
    ["is not looked for in quotes", '"a,b"|"c,d"\n1|2\n', "|"],
    ["may be a tab", "a\tb,c\n1\t2\n", "\t"],
    ["is found after a byte order mark and blank lines", "\uFEFF\n\r\na;b\n", ";"],
    ["is found in a header of more than 64 KiB", `${"n".repeat(70_000)};b\n1;2\n`, ";"],
    ["is found though a row is broken", 'a;b\n"1"x;2\n3;4\n5;6\n', ";"],
    ["is found without a line end", "a|b", "|"],
  ])("%s", async (_title, text, delimiter) => {
    // The long name of one file is refused where there is a header.
    const { plan } = await parseFile(Buffer.from(text), "csv", { header: false });

    expect(plan.delimiter).toBe(delimiter);
  });
});

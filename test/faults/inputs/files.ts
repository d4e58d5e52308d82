import fc, { type Arbitrary } from "fast-check";
import type { ImportOptions } from "../../../protocol/datasets.ts";

/** Text in UTF-8, or bytes that needn't be. */
export type Piece = string | number[];

export type FileInput = { format: "csv" | "ndjson"; pieces: Piece[]; options: ImportOptions };

export const ends = fc.constantFrom("\n", "\n", "\n", "\r\n", "\r", "\n\n", "");
const marks = fc.constantFrom<Piece>([0xef, 0xbb, 0xbf], [0xff, 0xfe], [0xfe, 0xff], [0], [0x1a]);
const bad = fc.constantFrom<Piece>(
  ...[
    [0],
    [0xff],
    [0xc3],
    [0xe2, 0x82],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xc0, 0xaf],
  ],
);
const huge = fc
  .constantFrom(70_000, 1_048_570, 1_048_600)
  .map((length): Piece => "x".repeat(length));

const column = fc.record({
  name: fc.constantFrom("a", "b", "1", "column_1", "__proto__", "é"),
  type: fc.constantFrom(
    "string",
    "integer",
    "number",
    "boolean",
    "date",
    "json",
  ) as Arbitrary<"date">,
});
const options = fc.record(
  {
    delimiter: fc.constantFrom(",", ";", "\t", "|") as Arbitrary<",">,
    header: fc.boolean(),
    columns: fc.uniqueArray(column, { maxLength: 3, selector: ({ name }) => name }),
  },
  { requiredKeys: [] },
);

/** Lines of a format, with something in between now and then that doesn't belong there. */
export const file = (
  format: "csv" | "ndjson",
  line: Arbitrary<Piece>,
  head: Arbitrary<Piece>,
): Arbitrary<FileInput> =>
  fc.record({
    format: fc.constant(format),
    options: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: options }),
    pieces: fc
      .tuple(
        fc.oneof(
          { weight: 6, arbitrary: fc.constant([]) },
          { weight: 1, arbitrary: fc.tuple(marks) },
        ),
        head,
        fc.array(
          fc.oneof(
            { weight: 400, arbitrary: line },
            { weight: 30, arbitrary: bad },
            { weight: 1, arbitrary: huge },
          ),
          { maxLength: 12 },
        ),
      )
      .map(([mark, first, rest]) => [...mark, first, ...rest]),
  });

export const bytesOf = ({ pieces }: FileInput): Buffer =>
  Buffer.concat(
    pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : Buffer.from(piece))),
  );

/** Long pieces cut. */
export const showFile = ({ format, options, pieces }: FileInput): string =>
  `${format} ${JSON.stringify(options)} ${JSON.stringify(
    pieces.map((piece) =>
      piece.length > 200 ? `${piece.slice(0, 20)}… (${piece.length})` : piece,
    ),
  )}`;

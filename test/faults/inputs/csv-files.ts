import fc from "fast-check";
import { ends, file, type Piece } from "./files.ts";

const cells = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      ...[
        "",
        "1",
        "-0",
        "1e3",
        "1.50",
        "007",
        "9007199254740993",
        "1e999",
        "true",
        "FALSE",
        "null",
      ],
      ...[
        "2024-02-29",
        "2023-02-29",
        "2024-01-01T25:00",
        "9999-12-31T23:59:59.999Z",
        "0000-01-01",
        " x ",
      ],
      ...[
        '"',
        '""',
        '"""',
        '"a"',
        '"a""b"',
        'a"b',
        '"a"b',
        '"a\nb"',
        '"a\r\nb',
        "'",
        "\\",
        "a,b",
        "a;b",
        "a\tb",
      ],
      ...[
        "__proto__",
        "é",
        "\ufeff",
        "\u2028",
        "🏳️‍🌈",
        "=1+1",
        "_row",
        "_code",
        "1_",
        "constructor",
        "$a.b",
      ],
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
);

const csvLine = fc
  .tuple(fc.array(cells, { maxLength: 6 }), fc.constantFrom(",", ",", ",", ";", "\t", "|"), ends)
  .map(([row, delimiter, end]): Piece => row.join(delimiter) + end);

const csvHead = fc.oneof(
  fc.constantFrom<Piece>("a,b\n", "a,b,c\r\n", "a;b\n", "a\n", "a,a,,b\n"),
  csvLine,
);
export const csvFiles = file("csv", csvLine, csvHead);

const csvRepairHead = fc.constantFrom<Piece>(
  ...[
    "_row,_code,_message,a,b\n",
    "a,_row,b\r\n",
    "_row;a;b\n",
    "_row,a\n",
    "_row,a,b,b\n",
    "_row,a,b,\n",
  ],
  ...["a,b\n", '"_row","a","b"\n', "_row,_row,a,b\n"],
);
const repairRow = fc
  .tuple(
    fc.constantFrom("2", "5", "0", "-1", "x", "1e3", "99999999999999999999", ""),
    fc.array(cells, { maxLength: 4 }),
    ends,
  )
  .map(([row, rest, end]): Piece => [row, ...rest].join(",") + end);

/** Mended rows of a dataset with the columns a and b. */
export const csvRepairs = file("csv", fc.oneof(repairRow, csvLine), csvRepairHead);

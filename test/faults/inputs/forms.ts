import fc from "fast-check";
import { alter, change, wildText } from "./texts.ts";

/** One byte a character. */
export type Form = { type: string; body: string };

const part = (disposition: string, content: string, ...more: string[]) =>
  `--b\r\n${[`Content-Disposition: ${disposition}`, ...more].join("\r\n")}\r\n\r\n${content}\r\n`;

const file = fc.constantFrom(
  part('form-data; name="file"; filename="a.csv"', "a,b\n1,2\n", "Content-Type: text/csv"),
  part('form-data; name="file"; filename="a.ndjson"', '{"a":1}\n'),
  part("form-data; name=file; filename*=UTF-8''%e2%82%ac.csv", "a\n", "Content-Type: text/csv"),
  part(
    'form-data; name="file"; filename="../\\"a.csv"',
    "",
    "Content-Type: text/csv; charset=utf-16",
  ),
);
const field = fc.constantFrom(
  ...['{"header":false}', '{"columns":[{"name":"a","type":"date"}]}', "{", "null", "[]"].map(
    (json) => part('form-data; name="options"', json),
  ),
  ...["x", "", "é", "a\0b"].map((name) => part('form-data; name="name"', name)),
  part('form-data; name="userId"', "x"),
  part('form-data; name="__proto__"', "x"),
  part("attachment", "x", "Content-Transfer-Encoding: base64"),
);
const bits = fc.oneof(
  fc.constantFrom(
    ...[
      "--b",
      "--b--",
      "\r\n",
      "\n",
      "\r\n\r\n",
      ":",
      ";",
      '"',
      "\\",
      "=",
      "\0",
      "\xff",
      "name",
      "filename*=x'y'%zz",
    ],
    ...["Content-Disposition: form-data\r\n", "X: y\r\n".repeat(25), `X: ${"y".repeat(9000)}\r\n`],
  ),
  wildText,
);

const type = fc.oneof(
  { weight: 9, arbitrary: fc.constant("multipart/form-data; boundary=b") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[
        "multipart/form-data",
        'multipart/form-data; boundary=""',
        'multipart/form-data; boundary="b"',
      ],
      ...[
        "multipart/form-data; boundary=c",
        "multipart/mixed; boundary=b",
        "multipart/form-data;boundary=b;x",
      ],
      `multipart/form-data; boundary=${"b".repeat(71)}`,
    ),
  },
);

export const forms = fc
  .record({
    type,
    parts: fc.tuple(fc.array(field, { maxLength: 2 }), file, fc.array(field, { maxLength: 1 })),
    end: fc.constantFrom("--b--\r\n", "--b--", "--b", ""),
    changes: fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      { weight: 4, arbitrary: fc.array(change(bits), { minLength: 1, maxLength: 3 }) },
    ),
  })
  .map(
    ({ type, parts: [before, one, behind], end, changes }): Form => ({
      type,
      body: alter([...before, one, ...behind].join("") + end, changes),
    }),
  );

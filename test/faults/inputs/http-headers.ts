import fc from "fast-check";
import { wildText } from "./texts.ts";

/** A header that a request may have, with a value that it needn't. */
export const header = fc.tuple(
  fc.constantFrom(
    ...["Authorization", "Content-Type", "Accept", "Accept-Encoding", "Content-Encoding", "Cookie"],
    ...[
      "If-None-Match",
      "If-Modified-Since",
      "Range",
      "If-Range",
      "Last-Event-ID",
      "Origin",
      "X-Request-Id",
    ],
    ...[
      "X-Forwarded-For",
      "X-Forwarded-Proto",
      "Forwarded",
      "X-HTTP-Method-Override",
      "Host",
      "Referer",
    ],
    ...["Idempotency-Key", "User-Agent", "TE", "Cache-Control"],
  ),
  fc.oneof(
    fc.constantFrom(
      ...[
        "",
        "Bearer",
        "Bearer x",
        "bearer @token:1",
        "Basic YTpi",
        "Bearer @token:0 x",
        "text/csv",
      ],
      ...[
        "application/json; charset=utf-16",
        "gzip",
        "br",
        "bytes=0-",
        "bytes=5-2",
        "bytes=-0",
        "bytes=0-1,2-3",
      ],
      ...[
        "bytes=99999999999999999999-",
        "*",
        '"x"',
        "e:5",
        ":",
        "x:-1",
        "@epoch:0:999999999999999999999",
      ],
      ...[
        "http://evil.example",
        "null",
        "refresh=x; __Secure-refresh=y",
        "=;=;",
        "1.2.3.4, ::1",
        "x".repeat(300),
      ],
    ),
    wildText,
  ),
);

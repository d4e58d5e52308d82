import { gzipSync } from "node:zlib";
import { beginPart, boundary, field, filePart, formType, makeForm } from "../flows/support/form.ts";
import { openRaw, readToEnd, statusOf } from "../flows/support/raw-http.ts";
import { createClient, type TestClient } from "../support/client.ts";
import { outcomeOf } from "./kit/dataset.ts";
import { inTurn, patiently } from "./kit/patience.ts";
import { statusFor } from "./kit/raw.ts";
import { distinct, oneOf, type Row } from "./kit/row.ts";
import { codeOf } from "./kit/tokens.ts";
import { leavings, repeat, sendPieces } from "./kit/uploads.ts";

const megabyte = 1024 * 1024;
const bytes = (text: string) => new TextEncoder().encode(text);
const csvLine = "Content-Type: text/csv";

const post = (token: string, ...lines: string[]) => [
  "POST /api/v1/datasets?name=x HTTP/1.1",
  `Authorization: Bearer ${token}`,
  ...lines,
];

const sendForm = (client: TestClient, body: Uint8Array<ArrayBuffer>, type = formType) =>
  patiently(() =>
    client.call<{ dataset: { id: string; name: string } }>("/api/v1/datasets", {
      method: "POST",
      body,
      headers: { "Content-Type": type },
    }),
  );

/** Of files that come over the wire, before anything is made of them. */
export const uploads: Row[] = [
  {
    id: "U01",
    input: "no token, a body of 1 GB announced",
    expected: 401,
    act: (world) =>
      statusFor(world, [
        "POST /api/v1/datasets?name=x HTTP/1.1",
        csvLine,
        `Content-Length: ${1024 * megabyte}`,
      ]),
  },
  {
    id: "U02",
    input: "one byte over the limit; without a length; a false length",
    expected: [413, 413, "400 or closed", "nothing kept"],
    needs: "a low limit of uploads",
    isSlow: true,
    async act(world) {
      const { url } = await world.node({ LIMIT_UPLOAD_BYTES: String(megabyte) });
      const client = await createClient(url, world.headers());
      const found: unknown[] = [];
      const kept = await leavings(world, async () => {
        found.push((await client.upload("x".repeat(megabyte + 1))).status);
        const pieces = repeat(bytes("x".repeat(65_536)), 17);
        found.push((await sendPieces(client, pieces)).status);
        const socket = await openRaw(url);
        const lines = post(client.token, "Host: x", csvLine, "Content-Length: 400000");
        socket.write(`${lines.join("\r\n")}\r\n\r\nid\n1\n`);
        socket.end();
        const status = statusOf(await readToEnd(socket));
        found.push(status === 0 ? "400 or closed" : oneOf(status, 400).toString());
      });
      return [...found.map((one) => (one === "400" ? "400 or closed" : one)), kept];
    },
  },
  {
    id: "U03",
    input: "form without a boundary, unterminated, with two files, with 10,000 fields",
    // What can be read and says too much is `validation_failed`: the protocol's word for it, 422.
    expected: [400, 400, 422, 422],
    async act(world) {
      const client = await world.newcomer();
      const fields = Array.from({ length: 10_000 }, (_, i) => field(`f${i}`, "x"));
      const forms: [Uint8Array<ArrayBuffer>, string][] = [
        [makeForm(filePart()), "multipart/form-data"],
        [bytes(beginPart(filePart())), formType],
        [makeForm(filePart(), filePart()), formType],
        [makeForm(...fields), `multipart/form-data; boundary=${boundary}`],
      ];
      return inTurn(forms, async ([form, type]) => (await sendForm(client, form, type)).status);
    },
  },
  {
    id: "U06",
    input: "file names with paths, %2e%2e%2f, 5,000 characters",
    expected: [["an id of ours"], ["passwd", "x", "abs", "%2e%2e%2fx", 200]],
    async act(world) {
      const client = await world.newcomer();
      const names = ["../../etc/passwd", "C:\\\\x", "/abs", "%2e%2e%2fx", "n".repeat(5000)];
      const datasets = await inTurn(names, async (fileName) => {
        const { body } = await sendForm(client, makeForm(filePart("id\n1\n", { fileName })));
        return body.dataset;
      });
      const ids = datasets.map(({ id }) => (/^[\w-]{22}$/.test(id) ? "an id of ours" : id));
      const shown = datasets.map(({ name }) => (name.length > 99 ? name.length : name));
      return [distinct(ids), shown];
    },
  },
  {
    id: "U09",
    input: "HTML, SVG, text with markup, EXE, PDF, zip sent as .csv",
    expected: [415, 415, "never inline", 415, 415, 415],
    async act(world) {
      const client = await world.newcomer();
      const files = [
        "<html><script>alert(1)</script></html>\n",
        "<svg onload=alert(1) />\n",
        "<b onclick=alert(1)>name</b>\n",
        "MZ\u0090\0\u0003\0\0\0",
        "%PDF-1.7\n",
        "PK\u0003\u0004\u0014\0",
      ];
      return inTurn(files, async (text) => {
        const { status, body } = await patiently(() =>
          client.upload(new Uint8Array(Buffer.from(text, "latin1"))),
        );
        if (status !== 202) return status;
        await client.final(body.job.id);
        const path = `/api/v1/datasets/${body.dataset.id}/rejects.csv`;
        const { headers } = await client.call(path);
        const isPage = /html|svg|xml/.test(headers.get("Content-Type") ?? "");
        const isSafe = headers.get("X-Content-Type-Options") === "nosniff" && !isPage;
        const isAttached = /^attachment/.test(headers.get("Content-Disposition") ?? "");
        return isSafe && isAttached ? "never inline" : [...headers];
      });
    },
  },
  {
    id: "U10",
    input: "gzip that grows from 10 MB to 10 GB",
    expected: "payload_too_large",
    isSlow: true,
    mostMegabytes: 50,
    async act(world) {
      const client = await world.newcomer();
      // Members of a gzip file stand one after the other (RFC 1952, section 2.2).
      const member = new Uint8Array(gzipSync(new Uint8Array(10 * megabyte)));
      const packed = { "Content-Encoding": "gzip" };
      return codeOf(await sendPieces(client, repeat(member, 1000), packed));
    },
  },
  {
    id: "U13",
    input: "NDJSON, one line of 200 MB",
    expected: ["completed", 2, 1],
    isSlow: true,
    mostMegabytes: 100,
    async act(world) {
      const client = await world.newcomer();
      const pieces = [
        bytes('{"a":1}\n{"a":"'),
        ...repeat(bytes("x".repeat(megabyte)), 200),
        bytes('"}\n{"a":2}\n'),
      ];
      const type = { "Content-Type": "application/x-ndjson" };
      const { status, body } = await sendPieces(client, pieces, type);
      if (!body.job) return codeOf({ status, body });
      const { state, progress } = await client.final(body.job.id);
      return [state, progress.rowsImported, progress.rowsRejected];
    },
  },
  {
    id: "U14",
    input: "100,000 columns; 10,000 times the same name",
    expected: ["too_many_columns", "too_many_columns"],
    act: async (world) => {
      const client = await world.newcomer();
      const columns = Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(",");
      return inTurn([columns, Array(10_000).fill("same").join(",")], (header) =>
        outcomeOf(client, `${header}\n1\n`),
      );
    },
  },
];

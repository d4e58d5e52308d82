import { importAll, outcomeOf, sampleOf } from "./kit/dataset.ts";
import { inTurn, patiently } from "./kit/patience.ts";
import { exportAll } from "./kit/records.ts";
import { distinct, type Row } from "./kit/row.ts";
import { beginUpload } from "./kit/uploads.ts";

const file = "id\n1\n2\n";
/** In ASCII for the old ones, encoded for the others; nothing in it that ends a line. */
const isPlain = /^attachment; filename="(?:[^"\\\r\n]|\\.)+"; filename\*=UTF-8''%C3%A4[\w%.-]+$/;

/** Of files once they are there. */
export const files: Row[] = [
  {
    id: "U08",
    input: "download of a file named with quote, umlaut; CRLF in a name",
    expected: [200, "RFC 6266", "nosniff", 422],
    async act(world) {
      const client = await world.newcomer();
      const { dataset } = await importAll(client, file, { name: 'ä "quoted"' });
      const { answer } = await exportAll(client, dataset.id);
      const path = `/api/v1/datasets/${dataset.id}`;
      const broken = { method: "PATCH", json: { name: "a\r\nSet-Cookie: x=1" } };
      const { status } = await client.call(path, broken);
      const { headers } = answer;
      const named = headers.get("Content-Disposition") ?? "";
      return [
        answer.status,
        isPlain.test(named) ? "RFC 6266" : named,
        headers.get("X-Content-Type-Options"),
        status,
      ];
    },
  },
  {
    id: "U17",
    input: "BOM, CRLF, blank lines, no line end at the end",
    expected: ["completed", 2, 0],
    act: async (world) => outcomeOf(await world.ann(), "\uFEFFid,name\r\n1,x\r\n\r\n\r\n2,y"),
  },
  {
    id: "U19",
    input: "empty file; header alone",
    expected: ["header_invalid", ["completed", 0, 0]],
    async act(world) {
      const ann = await world.ann();
      return inTurn(["", "id,name\n"], (text) => outcomeOf(ann, text));
    },
  },
  {
    id: "U20",
    input: "same Idempotency-Key, same file, 50 at once",
    expected: [[202], 1],
    async act(world) {
      const client = await world.newcomer();
      const headers = { "Idempotency-Key": "fifty" };
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => patiently(() => client.upload(file, { headers }))),
      );
      const statuses = distinct(answers.map(({ status }) => status));
      return [statuses, distinct(answers.map(({ body }) => body.job?.id)).length];
    },
  },
  {
    id: "U22",
    input: "fourth upload at once",
    expected: 429,
    async act(world) {
      const client = await world.newcomer();
      const four = Array.from({ length: 4 }, () => beginUpload(client));
      const status = await Promise.race(four.map((upload) => upload.status));
      for (const upload of four) upload.end();
      return status;
    },
  },
  {
    id: "U25",
    input: "another user's upload, rejects, file; guessed names",
    expected: [404],
    async act(world) {
      const [{ client, dataset }, bob] = [await sampleOf(world), await world.bob()];
      const { file: exported } = await exportAll(client, dataset.id);
      const of = `/api/v1/datasets/${dataset.id}`;
      const paths = [of, `${of}/rejects`, `${of}/rejects.csv`, `/api/v1/files/${exported.id}`];
      const guessed = ["/api/v1/files/1", "/api/v1/files/export.csv", "/files/export.csv"];
      return distinct(
        await inTurn([...paths, ...guessed], async (path) => (await bob.call(path)).status),
      );
    },
  },
];

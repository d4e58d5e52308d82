import { Schema } from "mongoose";
import type { Connection } from "../infrastructure/mongo.ts";

/** An upload under way; the sweeper removes the bytes of those that went silent. */
const upload = new Schema(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    activeAt: { type: Date, required: true },
  },
  { collection: "uploads", versionKey: false },
);
upload.index({ activeAt: 1 });

export type IdempotencyKey = {
  userId: string;
  route: string;
  key: string;
  /** of everything the call consists of, its bytes included */
  fingerprint: string;
  answer: unknown;
  createdAt: Date;
};

/** What a call with an `Idempotency-Key` answered; kept for 24 h. */
const idempotencyKey = new Schema<IdempotencyKey>(
  {
    userId: { type: String, required: true },
    route: { type: String, required: true },
    key: { type: String, required: true },
    fingerprint: { type: String, required: true },
    answer: { type: Schema.Types.Mixed, required: true },
    createdAt: { type: Date, required: true, expires: 24 * 3600 },
  },
  { collection: "idempotency_keys", versionKey: false },
);
idempotencyKey.index({ userId: 1, route: 1, key: 1 }, { unique: true });

export const createUploadModel = (connection: Connection) => connection.model("Upload", upload);
export const createKeyModel = (connection: Connection) =>
  connection.model("IdempotencyKey", idempotencyKey);
export type UploadModel = ReturnType<typeof createUploadModel>;
export type KeyModel = ReturnType<typeof createKeyModel>;

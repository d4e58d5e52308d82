import { type InferSchemaType, Schema } from "mongoose";
import type { Connection } from "../infrastructure/mongo.ts";

/** A session that ended is gone; what is here lives until `expiresAt`. */
const schema = new Schema(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    userAgent: { type: String, default: "" },
    ip: { type: String, default: "" },
    createdAt: { type: Date, required: true },
    /** the sign-in or the last refresh */
    lastUsedAt: { type: Date, required: true },
    /** MongoDB removes the session a day later */
    expiresAt: { type: Date, required: true },
    /** of the refresh token that is to be used next */
    tokenHash: { type: String, required: true },
    /** of the one that was used last */
    spentHash: { type: String, default: null },
    spentAt: { type: Date, default: null },
  },
  { collection: "sessions", versionKey: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 24 * 3600 });
schema.index({ userId: 1 });

export type SessionDocument = InferSchemaType<typeof schema>;
export const createSessionModel = (connection: Connection) => connection.model("Session", schema);
export type SessionModel = ReturnType<typeof createSessionModel>;

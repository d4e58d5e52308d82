import { Schema } from "mongoose";
import type { Connection } from "../infrastructure/mongo.ts";

const schema = new Schema(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    userAgent: { type: String, default: "" },
    ip: { type: String, default: "" },
    createdAt: { type: Date, required: true },
    /** when the last token of the session ends; MongoDB removes the session a day later */
    expiresAt: { type: Date, required: true },
  },
  { collection: "sessions", versionKey: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 24 * 3600 });

export const createSessionModel = (connection: Connection) => connection.model("Session", schema);

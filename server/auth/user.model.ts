import { type InferSchemaType, Schema } from "mongoose";
import type { Connection } from "../infrastructure/mongo.ts";

const schema = new Schema(
  {
    _id: { type: String, required: true },
    email: { type: String, required: true },
    /** the email in lower case: emails are compared without case */
    emailKey: { type: String, required: true },
    name: { type: String, required: true },
    passwordHash: { type: String, required: true },
    roles: { type: [String], required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: "users", versionKey: false },
);
schema.index({ emailKey: 1 }, { unique: true });

export type UserDocument = InferSchemaType<typeof schema>;
export const createUserModel = (connection: Connection) => connection.model("User", schema);
export type UserModel = ReturnType<typeof createUserModel>;

import { Schema } from "mongoose";
import type { Profile } from "../../protocol/profiles.ts";
import type { Connection, Session } from "../infrastructure/mongo.ts";
import type { DatasetModel } from "./dataset.model.ts";

type ProfileDocument = Profile & { _id: string };

/** `_id` is the dataset's. */
const schema = new Schema<ProfileDocument>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true },
    rows: { type: Number, required: true },
    columns: { type: Schema.Types.Mixed, required: true },
  },
  { collection: "profiles", versionKey: false, minimize: false },
);

/** The newest profile of each dataset. */
export function createProfiles(connection: Connection, datasets: DatasetModel) {
  const model = connection.model("Profile", schema);

  return {
    async find(datasetId: string): Promise<Profile | null> {
      const found = await model.findById(datasetId).lean<ProfileDocument>();
      return found && { version: found.version, rows: found.rows, columns: found.columns };
    },

    /** The dataset's version that the newest one is of. */
    async findVersion(datasetId: string): Promise<number | null> {
      const found = await model.findById(datasetId, { version: 1 }).lean<ProfileDocument>();
      return found?.version ?? null;
    },

    /** Keeps it, unless there is a newer one, as part of a transaction; false where the dataset is deleted. */
    async replace(_id: string, profile: Profile, session: Session): Promise<boolean> {
      // A write: of this and a deletion at the same time one waits for the other.
      const isThere = await datasets.updateOne(
        { _id, deletedAt: null },
        { $set: { profiledAt: new Date() } },
        { session },
      );
      if (isThere.matchedCount === 0) return false;
      const newer = await model.exists({ _id, version: { $gt: profile.version } }).session(session);
      if (!newer) await model.replaceOne({ _id }, profile, { upsert: true, session });
      return true;
    },

    async remove(datasetId: string): Promise<void> {
      await model.deleteOne({ _id: datasetId });
    },
  };
}

export type Profiles = ReturnType<typeof createProfiles>;

import type { ChannelRef, Message, Publish } from "../infrastructure/channel.ts";
import type { DatasetDocument } from "./dataset.model.ts";
import { toChange, toDataset } from "./dataset-view.ts";

export const datasetChannel = (datasetId: string): ChannelRef => ({
  name: `dataset:${datasetId}`,
  room: `{dataset:${datasetId}}`,
});

/** Tells the dataset's channel how it stands now. */
export async function announceChange(
  publish: Publish,
  doc: DatasetDocument,
  withColumns: boolean,
): Promise<void> {
  await publish(toMessage(doc, "dataset.changed", toChange(doc, withColumns)));
}

export async function announceDeletion(publish: Publish, doc: DatasetDocument): Promise<void> {
  await publish(toMessage(doc, "dataset.deleted", toDataset(doc)));
}

const toMessage = (doc: DatasetDocument, type: Message["type"], data: object): Message => ({
  channel: datasetChannel(doc._id),
  type,
  data,
  id: `changed:${doc.version}`,
  // Who is slower to tell of an older state than another of a newer one isn't heard.
  fence: { of: doc._id, value: doc.version },
});

import type { ChannelRef } from "../infrastructure/channel.ts";

export const datasetChannel = (datasetId: string): ChannelRef => ({
  name: `dataset:${datasetId}`,
  room: `{dataset:${datasetId}}`,
});

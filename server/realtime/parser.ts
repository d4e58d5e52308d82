import { Decoder, Encoder, type Packet, PacketType } from "socket.io-parser";
import { Encoded } from "../infrastructure/encoded.ts";

/** Socket.IO's own encoding, save that what is JSON already is sent as it is. */
class JsonEncoder extends Encoder {
  override encode(packet: Packet): (string | Buffer)[] {
    // `/` is the only namespace: its packets don't name it.
    if (packet.type === PacketType.EVENT && packet.data[1] instanceof Encoded) {
      return [`${PacketType.EVENT}["${packet.data[0]}",${packet.data[1].json}]`];
    }
    const reply = packet.type === PacketType.ACK ? packet.data?.[0] : null;
    if (reply?.data instanceof Encoded) {
      return [`${PacketType.ACK}${packet.id}[{"ok":true,"data":${reply.data.json}}]`];
    }
    return super.encode(packet);
  }
}

export const parser = { Encoder: JsonEncoder, Decoder };

import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "@jest/globals";
import { addressOf, networkOf } from "../../server/infrastructure/address.ts";

const request = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  }) as unknown as IncomingMessage;

describe("the address of a caller", () => {
  it.each([
    ["itself, without proxies of ours", 0, "6.6.6.6", "10.0.0.1"],
    ["whom the proxy heard", 1, "6.6.6.6, 1.2.3.4", "1.2.3.4"],
    ["whom the outer of two proxies heard", 2, "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"],
    ["its own where no proxy has said anything", 1, undefined, "10.0.0.1"],
    ["its own where too few have", 2, "6.6.6.6", "10.0.0.1"],
  ])("is %s", (_what, hops, forwarded, expected) => {
    expect(addressOf(request("::ffff:10.0.0.1", forwarded), hops)).toBe(expected);
  });

  it.each([
    ["1.2.3.4", "1.2.3.4"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:0DB8:0001:0002::", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["no address", "no address"],
  ])("%s is limited as %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

import { openProxy } from "./proxy.ts";

/** The URI of MongoDB by way of a proxy, for a driver that must not look for another way. */
export function throughProxy(uri: string, port: number): string {
  const through = new URL(uri);
  through.host = `127.0.0.1:${port}`;
  // Or the driver would ask the replica set for the address of its primary, and go there.
  through.searchParams.delete("replicaSet");
  through.searchParams.set("directConnection", "true");
  return through.href;
}

/** A way to MongoDB on which each connection carries at most `bytesPerSecond` towards it. */
export async function openSlowLink(uri: string, bytesPerSecond: number) {
  const proxy = await openProxy(uri);
  proxy.toServer.set({ bytesPerSecond });
  return {
    uri: throughProxy(uri, proxy.port),
    /** Loses what is on the way, as the machine of a killed process would: pipes still carry it. */
    cut: proxy.cut,
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}

export type SlowLink = Awaited<ReturnType<typeof openSlowLink>>;

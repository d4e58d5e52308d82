import { createLinks } from "../infrastructure/links.ts";

/** How long a file can be downloaded after its export has ended. */
export const fileLifetimeMs = 24 * 3600_000;

type Deps = { secret: string; publicUrl: string };

/** Links to exported files, good for whoever has one. Without a public URL they are paths on any node. */
export function createFileLinks({ secret, publicUrl }: Deps) {
  const links = createLinks(secret);
  const subjectOf = (fileId: string) => `file:${fileId}`;

  return {
    toUrl(fileId: string, expiresAt: Date): string {
      const expires = Math.floor(expiresAt.getTime() / 1000);
      const signature = links.sign(subjectOf(fileId), expires);
      return `${publicUrl}/api/v1/files/${fileId}?expires=${expires}&signature=${signature}`;
    },

    isGenuine: (fileId: string, expires: string, signature: string): boolean =>
      /^[1-9]\d{0,11}$/.test(expires) &&
      links.verify(subjectOf(fileId), Number(expires), signature),
  };
}

export type FileLinks = ReturnType<typeof createFileLinks>;

/** Whether pages of this origin are ours: of the host that was asked, or named in the settings. */
export function isOwnOrigin(
  origin: string,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  return allowed.includes(origin) || hostOf(origin) === host?.toLowerCase();
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

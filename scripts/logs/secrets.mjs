/**
 * What nobody may find in a log, by what it looks like.
 * @type {readonly [kind: string, pattern: RegExp][]}
 */
const forms = [
  ["token", /eyJ[\w-]{10,}\.[\w-]{10,}(\.[\w-]*)?/g],
  // 64 bytes in base64url, see server/auth/refresh-tokens.ts
  ["refresh token", /(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{86}(?![\w-])/g],
  ["address with credentials", /\b[a-z][\w+.-]*:\/\/[^/\s"@:]*:[^/\s"@]+@/gi],
  ["private key", /BEGIN [A-Z ]*PRIVATE KEY[^"]*|"d\\?":\\?"[\w-]{40,}/g],
  ["signature of a link", /signature=[\w%-]{10,}/gi],
  ["cookie", /sluice_refresh=[^\s;"]+|\bcookie\\?"\s*:\s*\[?\\?"[^"]+/gi],
  ["Authorization header", /\bauthorization\\?"\s*:\s*\[?\\?"[^"]+|\bbearer\s+[\w.~+/-]{10,}/gi],
  ["hash of a password", /\$argon2\w*\$[^\s"]+/g],
];

/** Shorter ones are words like any other. */
const shortestKnown = 12;
/** What is shown before and behind a secret. */
const around = 100;

/**
 * Looks for secrets by their form, and for those that are known: the passwords and keys that were used.
 * @param {string} text lines of a log
 * @param {Iterable<string>} [known]
 * @returns {{ kind: string, excerpt: string }[]} one for each line and kind, without the secret
 */
export function findSecrets(text, known = []) {
  const kinds = [...forms, ...formsOf(known)].filter(([, form]) => text.search(form) >= 0);
  if (kinds.length === 0) return [];
  return text.split("\n").flatMap((line) => {
    const found = kinds.filter(([, form]) => line.search(form) >= 0).map(([kind]) => kind);
    if (found.length === 0) return [];
    const redacted = kinds.reduce((shown, [kind, form]) => shown.replace(form, `[${kind}]`), line);
    return [...new Set(found)].map((kind) => ({ kind, excerpt: cut(redacted, kind) }));
  });
}

/** Known ones as they stand, and as they stand in JSON. @param {Iterable<string>} known */
function formsOf(known) {
  const usable = [...new Set(known)].filter(({ length }) => length >= shortestKnown);
  const written = usable.flatMap((one) => [one, JSON.stringify(one).slice(1, -1)]);
  if (written.length === 0) return [];
  const any = [...new Set(written)].map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return [/** @type {[string, RegExp]} */ (["password or key", new RegExp(any.join("|"), "g")])];
}

/** @param {string} line @param {string} kind */
function cut(line, kind) {
  const at = line.indexOf(`[${kind}]`);
  return at < 0 ? line.slice(0, around) : line.slice(Math.max(0, at - around), at + around);
}

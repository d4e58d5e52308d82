/** What windows tell each other and the next one: who is signed in, or why nobody is any more. No secret. */
export type Note = { userId?: string; farewell?: string };

const key = "sluice.session";

const parse = (text: string | null): Note | null => {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
};

export const readNote = (): Note | null => parse(localStorage.getItem(key));
export const writeNote = (note: Note) => localStorage.setItem(key, JSON.stringify(note));

/** Hands on what another window has written; null if it was wiped away. */
export const watchNote = (onNote: (note: Note | null) => void) =>
  addEventListener("storage", (event) => {
    if (event.key === key || event.key === null) onNote(parse(event.newValue));
  });

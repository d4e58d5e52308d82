import { ApiProblem } from "../api.ts";
import { explain } from "../ui/explain.ts";

export type Fields = { email: string; password: string };
export type FieldErrors = { email?: string; password?: string; form?: string };

const shortest = 15;

const countCharacters = (password: string) => [...password.normalize("NFC")].length;

/** How far a new password is from long enough; null once it is. */
export const describeLength = (password: string): string | null => {
  const count = countCharacters(password);
  if (count >= shortest) return null;
  return `${shortest} characters or more; ${shortest - count} to go`;
};

/** What can be said before asking the server. */
export const checkFields = ({ email, password }: Fields, isNew: boolean): FieldErrors => {
  const errors: FieldErrors = {};
  if (email === "") errors.email = "Your email address, please";
  else if (!/^[^\s@]+@[^\s@]+$/u.test(email))
    errors.email = "An email address looks like name@example.com";
  if (!isNew && password === "") errors.password = "Your password, please";
  const length = isNew ? describeLength(password) : null;
  if (length) errors.password = length;
  else if (isNew && countCharacters(password) > 128) errors.password = "128 characters at most";
  return errors;
};

/** Puts what the server said beside the field it is about. */
export const placeErrors = (error: unknown): FieldErrors => {
  if (!(error instanceof ApiProblem)) return { form: "That did not work. Try again." };
  if (error.code === "invalid_credentials")
    return {
      form: "This email and password don't belong together. Check both, or create an account.",
    };
  if (error.code === "conflict")
    return { email: "This email has an account already: sign in instead" };
  const placed: FieldErrors = {};
  for (const { path, message } of error.errors)
    if (path === "email" || path === "password") placed[path] ??= sentence(path, message);
  return Object.keys(placed).length > 0 ? placed : { form: explain(error) };
};

const sentence = (path: string, message: string) =>
  `${path === "email" ? "The email" : "The password"} ${message}`;

import { useEffect, useRef } from "react";
import { keyOfQuestion } from "../place/question.ts";
import type { Shown } from "../table/use-page.ts";
import { announce } from "../ui/notices.tsx";
import { describeQuestion } from "./words.ts";

/** Tells a screen reader of the answer to another question than the one before. */
export const useSpoken = (shown: Shown<unknown> | null, all: number) => {
  const spoken = useRef<string | null>(null);
  const key = shown && keyOfQuestion(shown.place);
  useEffect(() => {
    if (!shown || key === spoken.current) return;
    // What stands there when the page is opened is read anyway.
    if (spoken.current !== null) announce(describeQuestion(shown.place, shown.page.total, all));
    spoken.current = key;
  }, [key, shown, all]);
};

import type { Page } from "playwright-core";

/** The name of what has the focus, and whether one can see that it has. */
export const readFocus = (page: Page) =>
  page.evaluate(() => {
    const focused = document.activeElement;
    // A field and a file button show it on what is around them.
    const frame = focused?.closest(".field-frame:focus-within, label.button:focus-within");
    const outlines = [focused, frame].map((one) => (one ? getComputedStyle(one).outlineStyle : ""));
    const text = focused instanceof HTMLInputElement ? focused.name : focused?.textContent;
    return {
      name: text ?? "",
      isSeen: outlines.some((style) => style !== "none" && style !== ""),
      /** past the last stop the browser's own buttons have it */
      isOutside: focused === document.body,
    };
  });

/** Presses Tab until the focus is on what has this name, and is seen on every stop of the way. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const stops: string[] = [];
  while (stops.length < 60) {
    await page.keyboard.press("Tab");
    const focus = await readFocus(page);
    stops.push(focus.name.slice(0, 40));
    const isThere = typeof name === "string" ? focus.name === name : name.test(focus.name);
    if (!focus.isSeen && !focus.isOutside)
      throw new Error(`the focus can't be seen on "${focus.name}"`);
    if (isThere) return;
  }
  throw new Error(`Tab does not lead to ${name}, but to ${stops.join(" | ")}`);
}

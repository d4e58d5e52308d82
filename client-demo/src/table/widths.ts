import type { Column, DataRecord } from "../../../protocol/datasets.ts";

const pixelsPerCharacter = 8;
const padding = 32;
const least = 104;
/** From one day to another, as it stands under the chart. */
const leastOfDates = 192;
const most = 360;

/**
 * Widths of a page's columns in pixels. They come from all of its rows, so that a column keeps its
 * width while rows that can't be seen are left out.
 */
export const widthsOf = (columns: Column[], items: DataRecord[]): number[] =>
  columns.map(({ name, type }) => {
    // The name is bold; a blank, the type and the mark of the order follow it.
    let longest = Math.ceil(1.25 * name.length) + 3 + type.length;
    for (const { values } of items) {
      const value = Object.hasOwn(values, name) ? values[name] : null;
      longest = Math.max(longest, value === null ? 1 : String(value).length);
    }
    const floor = type === "date" ? leastOfDates : least;
    return Math.min(most, Math.max(floor, Math.ceil(longest * pixelsPerCharacter) + padding));
  });

/** The same widths, stretched evenly where there is room (pixels) left. */
export const stretch = (widths: number[], room: number): number[] => {
  const spare = room - widths.reduce((sum, one) => sum + one, 0);
  return spare <= 0 ? widths : widths.map((one) => one + spare / widths.length);
};

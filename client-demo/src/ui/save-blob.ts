/** Long enough for any browser to have begun reading (ms). */
const keptFor = 60_000;

/** Gives a file to the person, as a download of this name. */
export const saveBlob = (blob: Blob, name: string) => {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), keptFor);
};

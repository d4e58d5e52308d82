const whole = new Intl.NumberFormat("en-US");

/** 412000 -> "412,000". */
export const formatCount = (count: number) => whole.format(count);

/** 1, "row" -> "1 row"; 2, "row" -> "2 rows". */
export const formatCounted = (count: number, noun: string) =>
  `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;

/** Seconds in the two largest units: "8 s", "3 min 20 s", "2 h 5 min". */
export const formatSeconds = (seconds: number) => {
  const total = Math.max(0, Math.round(seconds));
  if (total < 60) return `${total} s`;
  if (total < 3_600) return `${Math.floor(total / 60)} min ${total % 60} s`;
  return `${Math.floor(total / 3_600)} h ${Math.floor((total % 3_600) / 60)} min`;
};

const units = ["bytes", "KB", "MB", "GB", "TB"];

/** Bytes with one decimal where it says something: "12 bytes", "4.2 MB". */
export const formatBytes = (bytes: number) => {
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
};

import { useEffect, useState } from "react";

/** True once `isOn` has held for 300 ms: a skeleton that flashes is worse than none. */
export const useLate = (isOn: boolean): boolean => {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    if (!isOn) return setIsLate(false);
    const timer = setTimeout(() => setIsLate(true), 300);
    return () => clearTimeout(timer);
  }, [isOn]);
  return isLate;
};

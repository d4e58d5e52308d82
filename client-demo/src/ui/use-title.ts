import { useEffect } from "react";

/** Names the window after what is open in it. */
export const useTitle = (name: string | null) =>
  useEffect(() => {
    document.title = name ? `${name} · Sluice` : "Sluice";
    return () => {
      document.title = "Sluice";
    };
  }, [name]);

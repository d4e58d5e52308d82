import { useEffect, useState } from "react";
import { formatCounted, formatSeconds } from "../format.ts";
import { type Store, useStore } from "../store.ts";
import type { Link } from "./link.ts";

/** Which node serves this window, and how it stands with it. */
export const Badge = ({ link }: { link: Store<Link> }) => {
  const now = useStore(link);
  const seconds = useSeconds(now.state !== "live", now.since);
  return (
    <p className="badge" data-testid="node" data-state={now.state}>
      <span className="badge-dot" aria-hidden="true" />
      <span className="badge-node">{now.node ?? "no node yet"}</span>
      <span className="badge-words">{describe(now, seconds)}</span>
    </p>
  );
};

const describe = (link: Link, seconds: number) => {
  if (link.state === "offline") return "offline";
  if (link.state === "reconnecting") {
    const word = link.node ? "reconnecting" : "connecting";
    return seconds > 0 ? `${word}, ${formatSeconds(seconds)}` : word;
  }
  if (link.recovered === null) return "live";
  if (!link.isWhole) return "resumed from the newest state";
  if (link.recovered === 0) return "resumed, nothing missed";
  return `resumed, ${formatCounted(link.recovered, "event")} recovered`;
};

const useSeconds = (isOn: boolean, since: number) => {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isOn]);
  return Math.max(0, Math.floor((now - since) / 1_000));
};

type Props = { name: string; percent: number; words: string };

/** A progress bar; `name` says of what, `words` how it stands. */
export const Bar = ({ name, percent, words }: Props) => (
  <div
    className="bar"
    role="progressbar"
    aria-label={name}
    aria-valuemin={0}
    aria-valuemax={100}
    aria-valuenow={percent}
    aria-valuetext={`${percent} percent, ${words}`}
  >
    <span className="bar-fill" style={{ width: `${percent}%` }} />
  </div>
);

import { useId } from "react";

type Props<Value extends string> = {
  label: string;
  value: Value;
  options: readonly (readonly [Value, string])[];
  onChange: (value: Value) => void;
};

/** One of several, with its label. */
export const Choice = <Value extends string>({ label, value, options, onChange }: Props<Value>) => {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-frame">
        {/* A select gives one of the values it was made of. */}
        <select id={id} value={value} onChange={(event) => onChange(event.target.value as Value)}>
          {options.map(([name, words]) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
};

/** One of few, all of them to be seen. */
export const Radios = <Value extends string>(props: Props<Value>) => {
  const { label, value, options, onChange } = props;
  const name = useId();
  return (
    <fieldset className="radios">
      <legend>{label}</legend>
      {options.map(([one, words]) => (
        <label key={one}>
          <input type="radio" name={name} checked={one === value} onChange={() => onChange(one)} />
          {words}
        </label>
      ))}
    </fieldset>
  );
};

type CheckProps = {
  label: string;
  hint?: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
};

export const Check = ({ label, hint, isOn, onChange }: CheckProps) => {
  const id = useId();
  return (
    <div className="check">
      <label>
        <input
          type="checkbox"
          checked={isOn}
          aria-describedby={hint ? id : undefined}
          onChange={(event) => onChange(event.target.checked)}
        />
        {label}
      </label>
      {hint && (
        <p id={id} className="check-hint">
          {hint}
        </p>
      )}
    </div>
  );
};

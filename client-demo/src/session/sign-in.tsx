import { type FormEvent, useState } from "react";
import { login, register } from "../api.ts";
import { useStore } from "../store.ts";
import { Field } from "../ui/field.tsx";
import { checkFields, describeLength, type FieldErrors, placeErrors } from "./credentials.ts";
import { sessionStore, signIn } from "./session.ts";

type Way = "in" | "new";

const submit = async (way: Way, email: string, password: string) => {
  signIn(await (way === "new" ? register : login)({ email, password }));
};

export const SignIn = () => {
  const { farewell } = useStore(sessionStore);
  const [way, setWay] = useState<Way>("in");
  const [password, setPassword] = useState("");
  const [isShown, setIsShown] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [errors, setErrors] = useState<FieldErrors>({});

  const go = async (chosen: Way, form: HTMLFormElement) => {
    const email = String(new FormData(form).get("email") ?? "").trim();
    setWay(chosen);
    const found = checkFields({ email, password }, chosen === "new");
    setErrors(found);
    if (Object.keys(found).length > 0) return focusField(form, found.email ? "email" : "password");
    setIsBusy(true);
    await submit(chosen, email, password)
      .catch((error) => setErrors(placeErrors(error)))
      .finally(() => setIsBusy(false));
  };

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void go(way, event.currentTarget);
  };

  // Enter does what was chosen last; the other way is one click away.
  const button = (name: string, which: Way) => (
    <button
      type={way === which ? "submit" : "button"}
      className={way === which ? "button-main" : ""}
      disabled={isBusy}
      onClick={({ currentTarget: { form } }) => {
        if (way !== which && form) void go(which, form);
      }}
    >
      {name}
    </button>
  );

  const length = way === "new" && password !== "" ? describeLength(password) : null;
  return (
    <main className="door">
      <form className="card" noValidate onSubmit={onSubmit}>
        <h1>Sluice</h1>
        <p className="quiet">Drop a CSV or NDJSON file and watch its rows arrive.</p>
        {farewell && <p className="banner">{farewell}</p>}
        {errors.form && (
          <p className="banner banner-bad" role="alert">
            {errors.form}
          </p>
        )}
        <Field
          label="Email"
          name="email"
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          error={errors.email}
          onInput={() => setErrors({})}
        />
        <Field
          label="Password"
          name="password"
          type={isShown ? "text" : "password"}
          autoComplete={way === "new" ? "new-password" : "current-password"}
          value={password}
          error={errors.password && (length ?? errors.password)}
          hint={length ?? "15 characters or more"}
          onChange={(event) => {
            setPassword(event.target.value);
            if (way === "in" || !describeLength(event.target.value)) setErrors({});
          }}
          extra={
            <button
              type="button"
              className="button-bare"
              aria-pressed={isShown}
              onClick={() => setIsShown(!isShown)}
            >
              {isShown ? "Hide" : "Show"}
            </button>
          }
        />
        <div className="row">
          {button("Sign in", "in")}
          {button("Create account", "new")}
        </div>
      </form>
    </main>
  );
};

const focusField = (form: HTMLFormElement, name: string) => {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.focus();
};

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { watchAddress } from "./place/place.ts";
import { openSession, watchOtherWindows } from "./session/session.ts";

watchOtherWindows();
void openSession();
watchAddress();

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

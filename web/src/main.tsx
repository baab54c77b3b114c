import "@fontsource-variable/inter";
import "./design/tokens.css";
import "./design/base.css";
import "./design/parts.css";
import "./shell/shell.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./App";
import { preferredLanguage, speak } from "./language/language";
import { Spoken } from "./language/Spoken";
import { ToastProvider } from "./parts/toasts";
import { makeQueryClient } from "./shell/queries";

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no #root");

await speak(preferredLanguage());
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={makeQueryClient()}>
      <BrowserRouter>
        <Spoken>
          <ToastProvider>
            <App />
          </ToastProvider>
        </Spoken>
      </BrowserRouter>
    </QueryClientProvider>
  </StrictMode>,
);

// The React that the viewer brought. Two Reacts on one page don't understand each other's hooks, so the
// build puts this file in the place of "react" and "react/jsx-runtime" for everything in the extension.
// The viewer hands its React over when it draws the header, which is before it draws anything else of ours.
import type * as React from "react";

type Host = typeof React;

let host: Host | undefined;

/** Called with the viewer's React before any component of ours is drawn. */
export function adopt(react: unknown): void {
  host = react as Host;
  if (!host.version.startsWith("18.")) throw new Error(`elements of React ${host.version} look otherwise`);
}

function need(): Host {
  if (host === undefined) throw new Error("a component was drawn before the viewer handed over its React");
  return host;
}

export const useState = ((...given: unknown[]) => call("useState", given)) as Host["useState"];
export const useEffect = ((...given: unknown[]) => call("useEffect", given)) as Host["useEffect"];
export const useMemo = ((...given: unknown[]) => call("useMemo", given)) as Host["useMemo"];
export const useRef = ((...given: unknown[]) => call("useRef", given)) as Host["useRef"];
export const useId = ((...given: unknown[]) => call("useId", given)) as Host["useId"];
export const useCallback = ((...given: unknown[]) => call("useCallback", given)) as Host["useCallback"];
export const useSyncExternalStore = ((...given: unknown[]) =>
  call("useSyncExternalStore", given)) as Host["useSyncExternalStore"];

function call(hook: keyof Host, given: unknown[]): unknown {
  return (need()[hook] as (...given: unknown[]) => unknown)(...given);
}

export const Fragment = Symbol.for("react.fragment");

/**
 * What the compiler writes for JSX: an element of React 18, whose shape is plain data. Constants made of JSX are
 * there before the viewer's React is, so it isn't asked.
 */
export function jsx(
  type: React.ElementType,
  { ref = null, ...props }: Record<string, unknown>,
  key?: string | number,
) {
  return {
    $$typeof: Symbol.for("react.element"),
    type,
    key: key === undefined ? null : String(key),
    ref,
    props,
    _owner: null,
  };
}

export const jsxs = jsx;

// Browsers that block what third parties keep deny a framed page even the reading of its storage. The viewer
// can't do without the object, only without its memory.

class Forgetful implements Storage {
  readonly #held = new Map<string, string>();

  get length(): number {
    return this.#held.size;
  }

  key(at: number): string | null {
    return [...this.#held.keys()][at] ?? null;
  }

  getItem(name: string): string | null {
    return this.#held.get(name) ?? null;
  }

  setItem(name: string, value: string): void {
    this.#held.set(name, value);
  }

  removeItem(name: string): void {
    this.#held.delete(name);
  }

  clear(): void {
    this.#held.clear();
  }
}

/** Where storage is denied, one that lasts as long as the page. */
export function standInForStorage(): void {
  for (const name of ["localStorage", "sessionStorage"] as const) {
    try {
      window[name].getItem("");
    } catch {
      Object.defineProperty(window, name, { value: new Forgetful() });
    }
  }
}

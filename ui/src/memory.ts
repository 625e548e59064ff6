// What the browser remembers for a person: language and theme, never anything secret.
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`ccr.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`ccr.${name}`, value);
  } catch {
    // A browser that keeps nothing: the choice holds until the page is closed.
  }
}

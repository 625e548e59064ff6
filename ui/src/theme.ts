// Light, dark, or as the system has it.
import { signal } from "@preact/signals";
import { recall, remember } from "./memory";

export type Theme = "system" | "light" | "dark";
export const THEMES: readonly Theme[] = ["system", "light", "dark"];
export const theme = signal<Theme>("system");

export function chooseTheme(chosen?: Theme): void {
  const kept = chosen ?? recall("theme");
  theme.value = THEMES.find((each) => each === kept) ?? "system";
  if (chosen) remember("theme", chosen);
  const root = document.documentElement;
  if (theme.value === "system") delete root.dataset.theme;
  else root.dataset.theme = theme.value;
}

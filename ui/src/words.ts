// Languages: every text is said in each, beside the code that shows it. `say(words)` gives a page its own `t`.
import { signal } from "@preact/signals";
import { recall, remember } from "./memory";

export type Language = "en" | "zh";
export type Text = Readonly<Record<Language, string>>;
export type Words = Readonly<Record<string, Text>>;
type Values = Readonly<Record<string, string | number>>;

export const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", zh: "中文" };

export const language = signal<Language>("en");

/** What was chosen, else what the browser asks for. */
export function chooseLanguage(chosen?: Language): void {
  const kept = chosen ?? recall("language");
  language.value = kept === "en" || kept === "zh" ? kept : navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
  if (chosen) remember("language", chosen);
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
}

/** A text in the language of the person, `{name}` filled in. */
export function text(said: Text, values?: Values): string {
  const found = said[language.value];
  return values ? found.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : found;
}

/** The words of one page, by name. */
/* @__NO_SIDE_EFFECTS__ */
export function say<W extends Words>(words: W): (name: keyof W, values?: Values) => string {
  return (name, values) => text(words[name] as Text, values);
}

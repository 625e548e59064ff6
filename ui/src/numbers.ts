// Numbers for people, in the language of the person.
import { signal } from "@preact/signals";
import { language } from "./words";

/** Seconds since the epoch, moved on while somebody looks. */
const now = signal(Date.now() / 1000);
if (typeof document !== "undefined") setInterval(() => { if (!document.hidden) now.value = Date.now() / 1000; }, 5000);

function locale(): string {
  return language.value === "zh" ? "zh-CN" : "en-GB";
}

export function count(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

/** `12.3k`: tokens, where the last digit says nothing. */
export function short(value: number): string {
  if (value < 1000) return String(value);
  const [size, unit] = value < 999_500 ? [1000, "k"] : [1_000_000, "M"];
  return `${(value / size).toFixed(value / size < 99.95 ? 1 : 0).replace(/\.0$/, "")}${unit}`;
}

/** Dollars; small sums with more digits. */
export function money(value: number | null): string {
  if (value === null) return "–";
  if (value > 0 && value < 0.00005) return `< ${money(0.0001)}`;
  const small = value !== 0 && Math.abs(value) < 0.1;
  return new Intl.NumberFormat(locale(), {
    style: "currency", currency: "USD", currencyDisplay: "narrowSymbol",
    minimumFractionDigits: small ? 4 : 2, maximumFractionDigits: small ? 4 : 2,
  }).format(value);
}

/** Seconds: `340 ms`, `1.9 s`, `2 min`. */
export function seconds(value: number | null): string {
  if (value === null) return "–";
  if (value < 1) return `${Math.round(value * 1000)} ms`;
  return value < 60 ? `${value.toFixed(1)} s` : `${Math.round(value / 60)} min`;
}

/** How long ago something was that happened at this second of the epoch; keeps itself up to date. */
export function since(at: number): string {
  return ago(Math.max(0, Math.max(now.value, Date.now() / 1000) - at));
}

/** How long ago, in one unit. */
export function ago(age: number): string {
  const units: [number, Intl.RelativeTimeFormatUnit][] = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
  const [size, unit] = units.find(([each]) => age >= each) ?? [1, "second"];
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(-Math.floor(age / size), unit);
}

/** The time of day of seconds since the epoch. */
export function clock(at: number): string {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false }).format(at * 1000);
}

/** Day and time of seconds since the epoch; the time alone where it is today. */
export function moment(at: number): string {
  const today = new Date(at * 1000).toDateString() === new Date().toDateString();
  if (today) return clock(at);
  return new Intl.DateTimeFormat(locale(), { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false }).format(at * 1000);
}

/** A day such as `2026-11-22`, as people there write it. */
export function day(iso: string): string {
  return new Intl.DateTimeFormat(locale(), { weekday: "short", month: "short", day: "numeric", timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
}

// A request as a row: when, what, which rule led where, how fast, how much. The overview and the log show the same.
import type { Told } from "../api/types";
import { clock, count, money, seconds, short } from "../numbers";
import { say } from "../words";
import { Badge, type Column, type Tone } from "./card";
import { Icon } from "./icon";

export const words = {
  time: { en: "Time", zh: "时间" },
  kind: { en: "Kind", zh: "类型" },
  way: { en: "Rule → target", zh: "规则 → 目标" },
  noRule: { en: "no rule", zh: "无规则" },
  itself: { en: "ccr itself", zh: "ccr 自身" },
  first: { en: "First byte", zh: "首字节" },
  tokens: { en: "Tokens", zh: "词元" },
  cost: { en: "Cost", zh: "费用" },
  after: { en: "after {others}", zh: "此前尝试 {others}" },
  cached: { en: "{n} of them cached", zh: "其中 {n} 已缓存" },
};
const t = say(words);

const OUTCOMES: Readonly<Record<string, Tone>> = { ok: "good", denied: "warn", client_closed: "calm" };

export function tone(outcome: string): Tone {
  return OUTCOMES[outcome] ?? "bad";
}

/** An outcome in words, with its status where one says more. */
export function ended(outcome: string, status: number): string {
  return `${outcome.replaceAll("_", " ")}${status && outcome !== "ok" ? ` ${status}` : ""}`;
}

/** A place without the folders that lead to it. */
export function brief(place: string): string {
  return place.slice(place.lastIndexOf("/") + 1);
}

export function requestColumns(when: (at: number) => string = clock): readonly Column<Told>[] {
  return [
    { name: t("time"), show: (each) => <time class="quiet" dateTime={new Date(each.at * 1000).toISOString()}>{when(each.at)}</time> },
    { name: t("kind"), show: (each) => <Badge>{each.kind}</Badge> },
    { name: t("way"), show: (each) => <Way told={each} />, class: "wide" },
    { name: t("first"), show: (each) => seconds(each.first_byte), number: true },
    { name: t("tokens"), number: true, show: (each) => (
      <span title={each.cached ? t("cached", { n: count(each.cached) }) : undefined}>{short(each.input)} <span class="quiet">+</span> {short(each.output)}</span>
    ) },
    { name: t("cost"), show: (each) => money(each.cost), number: true },
  ];
}

function Way({ told }: { told: Told }) {
  return (
    <div class="way">
      <span class="quiet">{told.rule ? brief(told.rule) : t("noRule")}</span>
      <strong><Icon name="arrow" size={14} />{told.target || t("itself")}</strong>
      {told.outcome === "ok" ? null : <Badge tone={tone(told.outcome)} title={told.message}>{ended(told.outcome, told.status)}</Badge>}
      {told.tried.length ? <span class="quiet">{t("after", { others: told.tried.join(", ") })}</span> : null}
    </div>
  );
}

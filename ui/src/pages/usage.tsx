// What was asked, what it cost and what was saved: by day, and by rule, model, target, project, user or kind.
import { useSignal } from "@preact/signals";
import { call } from "../api/client";
import { useAsked } from "../api/asked";
import type { Row, Usage as Said } from "../api/types";
import { count, day, money, seconds, short } from "../numbers";
import type { Page } from "../page";
import { Button } from "../parts/button";
import { Card, Empty, Figure, Head, Table, Waiting, type Column } from "../parts/card";
import { Code } from "../parts/code";
import { Select, Tabs } from "../parts/field";
import { Coded } from "../parts/finding";
import { Icon } from "../parts/icon";
import { brief } from "../parts/request";
import { go, href, place } from "../router";
import { say, text } from "../words";
import { Bars, type Bar } from "./usage/chart";

export const page = { path: "usage", title: { en: "Usage", zh: "用量" }, icon: "usage", order: 60 } satisfies Page;

export const words = {
  lead: { en: "What was asked, what it cost, and what was saved against the models that were asked for.", zh: "请求数量、费用，以及相对所请求模型的节省。" },
  period: { en: "Period", zh: "时间范围" },
  today: { en: "Today", zh: "今天" },
  week: { en: "This week", zh: "本周" },
  month: { en: "This month", zh: "本月" },
  all: { en: "All time", zh: "全部" },
  measure: { en: "Bars show", zh: "图表显示" },
  cost: { en: "Cost", zh: "费用" },
  requests: { en: "Requests", zh: "请求" },
  tokens: { en: "Tokens", zh: "词元" },
  failed: { en: "{n} failed", zh: "{n} 个失败" },
  noFailed: { en: "none failed", zh: "无失败" },
  costMore: { en: "of {n} of {all} requests", zh: "{all} 个请求中的 {n} 个" },
  costAll: { en: "at list prices", zh: "按标价计算" },
  unknown: { en: "unknown", zh: "未知" },
  partly: { en: "{money} and more", zh: "{money} 以上" },
  saved: { en: "Saved", zh: "节省" },
  savedMore: { en: "{share} of {asked}", zh: "占 {asked} 的 {share}" },
  dearer: { en: "dearer than what was asked for", zh: "高于所请求模型的价格" },
  savedNone: { en: "no prices to compare", zh: "没有可比较的价格" },
  tokensMore: { en: "{input} in ({cached} cached), {output} out", zh: "输入 {input}（缓存 {cached}），输出 {output}" },
  byDay: { en: "By day", zh: "按天" },
  by: { en: "What is told apart", zh: "分组方式" },
  rule: { en: "Rule", zh: "规则" },
  model: { en: "Model asked for", zh: "所请求模型" },
  target: { en: "Target", zh: "目标" },
  project: { en: "Project", zh: "项目" },
  user: { en: "User", zh: "用户" },
  kind: { en: "Kind", zh: "类型" },
  day: { en: "Day", zh: "日期" },
  none: { en: "(none)", zh: "（无）" },
  first: { en: "First byte", zh: "首字节" },
  chart: { en: "{measure} by {by}, as bars; the table below has the numbers", zh: "按{by}的{measure}柱状图，数据见下方表格" },
  top: { en: "the {n} largest of {all}", zh: "{all} 项中最大的 {n} 项" },
  numbers: { en: "The numbers", zh: "数据" },
  unpriced: { en: "The cost of {n} requests is unknown and not in these sums: no price is known of {names}.", zh: "{n} 个请求的费用未知，未计入总和：{names} 的价格未知。" },
  unpricedOne: { en: "The cost of one request is unknown and not in these sums: no price is known of {names}.", zh: "1 个请求的费用未知，未计入总和：{names} 的价格未知。" },
  unpricedHelp: { en: "Say it in the provider's block, in dollars for a million tokens: `model NAME { price_in = $0.50; price_out = $2 }`", zh: "在提供商的块中写明每百万词元的美元价格：`model NAME { price_in = $0.50; price_out = $2 }`" },
  others: { en: "{n} others", zh: "另外 {n} 个" },
  nothing: { en: "Nothing was asked in this time", zh: "该时间段内没有请求" },
  nothingHelp: { en: "Start Claude Code through ccr, or choose a longer period.", zh: "通过 ccr 启动 Claude Code，或选择更长的时间范围。" },
  off: { en: "The log is off, so nothing is summed up", zh: "日志已关闭，无法统计" },
  offHelp: { en: "To keep what requests cost, but no text, write into a rule file:", zh: "若要保留请求费用（不含文本），请在规则文件中写入：" },
  refused: { en: "The sums could not be read", zh: "无法读取统计数据" },
  again: { en: "Try again", zh: "重试" },
};
const t = say(words);

const PERIODS = ["today", "week", "month", "all"] as const;
const BY = ["target", "rule", "model", "project", "user", "kind"] as const;
const MEASURES = ["cost", "requests", "tokens"] as const;
type Measure = (typeof MEASURES)[number];
const MOST = 12;
/** Bars that are drawn lying; the table has all. */
const DAYS = 92;

export default function Usage() {
  const asked = place.value.query.get("period") ?? "", period = PERIODS.find((each) => each === asked) ?? "week";
  const days = useAsked(() => call("GET /usage", { query: { period, by: "day" } }), [period]);
  const wished = useSignal<Measure | null>(null);
  const measure = wished.value ?? (days.value?.total?.cost ? "cost" : "requests");
  const choose = (value: string) => { go(href("usage", place.value.rest, { period: value }), "replace"); };
  return (
    <div class="page usage">
      <Head title={text(page.title)} actions={
        <div class="usage-head">
          <Select label={t("period")} value={period} options={PERIODS.map((each) => [each, t(each)])} onChange={(event) => { choose(event.currentTarget.value); }} />
          <Select label={t("measure")} value={measure} options={MEASURES.map((each) => [each, t(each)])}
            onChange={(event) => { wished.value = event.currentTarget.value as Measure; }} />
        </div>}>{t("lead")}</Head>
      {days.value ? <Shown days={days.value} period={period} measure={measure} />
        : days.refused ? <Card><Empty icon="error" title={t("refused")}><p>{days.refused.message}</p><Button onClick={days.again}>{t("again")}</Button></Empty></Card>
          : <Card><Waiting lines={8} /></Card>}
    </div>
  );
}

function Shown({ days, period, measure }: { days: Said; period: string; measure: Measure }) {
  const { total } = days;
  if (!total) return <Card><Nothing off={days.state.level === "off"} /></Card>;
  return (
    <>
      <Figures total={total} />
      {total.unpriced ? <Unpriced said={days} n={total.unpriced} /> : null}
      {period === "today" ? null : (
        <Card title={t("byDay")} flush>
          <div class="usage-pad"><Bars label={t("chart", { measure: t(measure), by: t("day") })} bars={calendar(days, measure)} say={axis(measure)} /></div>
          <details class="usage-numbers"><summary>{t("numbers")}</summary>
            <Table caption={t("byDay")} columns={columns("day")} rows={[...days.rows].reverse()} id={(each) => each.key} /></details>
        </Card>
      )}
      <Apart period={period} measure={measure} />
    </>
  );
}

function Nothing({ off }: { off: boolean }) {
  return off ? <Empty icon="usage" title={t("off")}><p>{t("offHelp")}</p><Code text="server { log = meta }" /></Empty>
    : <Empty icon="usage" title={t("nothing")}><p>{t("nothingHelp")}</p></Empty>;
}

// ---- sums ---------------------------------------------------------------------------------------------------------------

function prompt(row: Row): number {
  return row.input_tokens + row.cache_read_tokens + row.cache_write_tokens;
}

function share(part: number, whole: number): string {
  return whole ? `${Math.round((100 * part) / whole)}%` : "–";
}

/** What is known of the cost; never a number where nothing is known. */
function cost(row: Row): string {
  if (row.unpriced === row.requests) return t("unknown");
  return row.unpriced ? t("partly", { money: money(row.cost) }) : money(row.cost);
}

function Figures({ total }: { total: Row }) {
  const compared = total.asked_cost > 0;
  return (
    <Card class="figures">
      <Figure name={t("requests")} value={count(total.requests)}>{total.failed ? t("failed", { n: count(total.failed) }) : t("noFailed")}</Figure>
      <Figure name={t("cost")} value={total.unpriced === total.requests ? t("unknown") : money(total.cost)}>
        {total.unpriced ? t("costMore", { n: count(total.requests - total.unpriced), all: count(total.requests) }) : t("costAll")}</Figure>
      <Figure name={t("saved")} value={compared ? money(total.saved) : "–"}>
        {!compared ? t("savedNone") : total.saved < 0 ? t("dearer") : t("savedMore", { share: share(total.saved, total.asked_cost), asked: money(total.asked_cost) })}</Figure>
      <Figure name={t("tokens")} value={short(prompt(total) + total.output_tokens)}>
        {t("tokensMore", { input: short(prompt(total)), cached: share(total.cache_read_tokens, prompt(total)), output: short(total.output_tokens) })}</Figure>
    </Card>
  );
}

function Unpriced({ said, n }: { said: Said; n: number }) {
  const names = said.unpriced.slice(0, 3).map((each) => each.target || t("none"));
  const more = said.unpriced.length > 3 ? [t("others", { n: said.unpriced.length - 3 })] : [];
  return (
    <div class="usage-note"><Icon name="note" />
      <div><p>{t(n === 1 ? "unpricedOne" : "unpriced", { n: count(n), names: [...names, ...more].join(", ") })}</p><p class="help"><Coded text={t("unpricedHelp")} /></p></div></div>
  );
}

// ---- bars ---------------------------------------------------------------------------------------------------------------

function value(row: Row, measure: Measure): number {
  if (measure === "tokens") return prompt(row) + row.output_tokens;
  return measure === "cost" ? row.cost : row.requests;
}

function axis(measure: Measure): (value: number) => string {
  if (measure === "cost") return (each) => (each ? money(each) : "$0");
  return (each) => (Number.isInteger(each) ? short(each) : "");
}

/** Each day of the time, also those on which nothing was asked. */
function calendar(said: Said, measure: Measure): readonly Bar[] {
  const known = new Map(said.rows.map((each) => [each.key, value(each, measure)]));
  const first = said.since ?? said.rows[0]?.key ?? said.until, days: string[] = [];
  for (let at = Date.parse(`${said.until}T00:00:00Z`); days.length < DAYS; at -= 86_400_000) {
    const iso = new Date(at).toISOString().slice(0, 10);
    if (iso < first) break;
    days.unshift(iso);
  }
  return days.map((each) => ({ name: day(each), value: known.get(each) ?? 0 }));
}

function Apart({ period, measure }: { period: string; measure: Measure }) {
  const chosen = BY.find((each) => each === place.value.rest[0]) ?? "target";
  const asked = useAsked(() => call("GET /usage", { query: { period, by: chosen } }), [period, chosen]);
  const said = asked.value?.by === chosen ? asked.value : null;
  const rows = said ? [...said.rows].sort((a, b) => value(b, measure) - value(a, measure)) : [];
  const bars = rows.slice(0, MOST).map((each) => ({ name: named(chosen, each.key, rows), value: value(each, measure) }));
  return (
    <Card class="usage-apart">
      <Tabs label={t("by")} chosen={chosen} tabs={BY.map((each) => ({ id: each, name: t(each) }))}
        onChoose={(id) => { go(href("usage", [id], { period }), "replace"); }}>
        {asked.refused ? <Empty icon="error" title={t("refused")}><p>{asked.refused.message}</p><Button onClick={asked.again}>{t("again")}</Button></Empty>
          : said ? (
            <>
              <Bars lying label={t("chart", { measure: t(measure), by: t(chosen) })} bars={bars} say={axis(measure)} />
              {rows.length > bars.length ? <p class="help">{t("top", { n: bars.length, all: said.more ? `${rows.length}+` : rows.length })}</p> : null}
              <Table caption={t(chosen)} columns={columns(chosen, rows)} rows={rows} id={(each) => each.key} />
            </>
          ) : <Waiting lines={6} />}
      </Tabs>
    </Card>
  );
}

/** A rule without the folders that lead to it, unless `others` has another of that name. */
function named(by: string, key: string, others: readonly Row[] = []): string {
  if (by === "day") return day(key);
  const short = by === "rule" && others.filter((each) => brief(each.key) === brief(key)).length < 2;
  return (short ? brief(key) : key) || t("none");
}

function columns(by: (typeof BY)[number] | "day", rows: readonly Row[] = []): readonly Column<Row>[] {
  return [
    { name: t(by), show: (each) => <span title={each.key}>{named(by, each.key, rows)}</span>, class: "wide" },
    { name: t("requests"), show: (each) => count(each.requests), number: true },
    { name: t("tokens"), show: (each) => short(prompt(each) + each.output_tokens), number: true },
    { name: t("first"), show: (each) => seconds(each.first_content_seconds), number: true },
    { name: t("cost"), show: cost, number: true },
    { name: t("saved"), show: (each) => (each.asked_cost ? money(each.saved) : "–"), number: true },
  ];
}

// The log: requests found by when, where and whose, live on top; one request's whole story behind each row.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { call } from "../api/client";
import { asRefusal, useAsked } from "../api/asked";
import { requests } from "../api/live";
import type { Choices, Requests, Told } from "../api/types";
import { moment } from "../numbers";
import type { Page } from "../page";
import { Button } from "../parts/button";
import { Card, Empty, Head, Table, Waiting } from "../parts/card";
import { Code } from "../parts/code";
import { Field, Select } from "../parts/field";
import { brief, requestColumns } from "../parts/request";
import { tell } from "../parts/toast";
import { go, href, place } from "../router";
import { say, text } from "../words";
import { StoryPage } from "./log/story";

export const page = { path: "log", title: { en: "Log", zh: "日志" }, icon: "log", order: 50 } satisfies Page;

export const words = {
  lead: { en: "Every request, why it went where it went, and what came of it.", zh: "每个请求、其路由原因及结果。" },
  search: { en: "Search", zh: "搜索" },
  searchIn: { en: "Model, target, id, error, tag", zh: "模型、目标、编号、错误、标签" },
  when: { en: "When", zh: "时间范围" },
  always: { en: "Any time", zh: "不限" },
  hour: { en: "Last hour", zh: "最近一小时" },
  day: { en: "Last 24 hours", zh: "最近 24 小时" },
  week: { en: "Last 7 days", zh: "最近 7 天" },
  month: { en: "Last 30 days", zh: "最近 30 天" },
  outcome: { en: "Outcome", zh: "结果" },
  target: { en: "Target", zh: "目标" },
  rule: { en: "Rule", zh: "规则" },
  kind: { en: "Kind", zh: "类型" },
  user: { en: "User", zh: "用户" },
  project: { en: "Project", zh: "项目" },
  all: { en: "All", zh: "全部" },
  clear: { en: "Clear filters", zh: "清除筛选" },
  requests: { en: "Requests", zh: "请求" },
  live: { en: "newest first, live", zh: "最新在前，实时更新" },
  more: { en: "Show older ones", zh: "显示更早的请求" },
  none: { en: "No request yet", zh: "暂无请求" },
  noneHelp: { en: "Start Claude Code through ccr, and each request is kept here:", zh: "通过 ccr 启动 Claude Code，每个请求都会记录在这里：" },
  nothing: { en: "Nothing fits", zh: "没有匹配的请求" },
  nothingHelp: { en: "Ask for a longer time, or for fewer things at once.", zh: "请扩大时间范围，或减少筛选条件。" },
  further: { en: "Nothing fits in the newest 3,000. Older ones may.", zh: "最近 3000 条中没有匹配项，更早的请求中可能有。" },
  off: { en: "The log is off", zh: "日志已关闭" },
  offHelp: { en: "Nothing is written of any request. To keep what was decided and what it cost, but no text, write into a rule file:", zh: "不会记录任何请求。若要保留决策与费用（不含文本），请在规则文件中写入：" },
  failed: { en: "The log could not be read", zh: "无法读取日志" },
  again: { en: "Try again", zh: "重试" },
};
const t = say(words);

const SPANS: Readonly<Record<string, number>> = { hour: 3600, day: 86_400, week: 604_800, month: 2_592_000 };
const OUTCOMES = ["ok", "error", "denied", "truncated", "client_closed"];
const FILTERS = ["kind", "target", "rule", "outcome", "user", "project"] as const;
type Asked = Readonly<Record<string, string>>;

export default function Log() {
  const id = place.value.rest[0];
  return id ? <StoryPage key={id} id={id} /> : <List />;
}

function List() {
  const asked: Asked = Object.fromEntries(place.value.query), key = JSON.stringify(asked);
  const found = useAsked(() => call("GET /log", { query: query(asked) }), [key]);
  const choices = useAsked(() => call("GET /log/choices"));
  const change = (name: string, value: string) => {
    const rest = Object.entries(asked).filter(([each]) => each !== name);
    go(href("log", [], Object.fromEntries(value ? [...rest, [name, value]] : rest)), "replace");
  };
  const off = found.value?.state.level === "off" && !found.value.requests.length && key === "{}";
  return (
    <div class="page log">
      <Head title={text(page.title)}>{t("lead")}</Head>
      {off ? <Off /> : (
        <>
          <Filters asked={asked} choices={choices.value} onChange={change} />
          <Card title={t("requests")} actions={<span class="quiet">{t("live")}</span>} flush>
            {found.value ? <Rows key={key} found={found.value} asked={asked} />
              : found.refused ? <Empty icon="error" title={t("failed")}><p>{found.refused.message}</p><Button onClick={found.again}>{t("again")}</Button></Empty>
                : <Waiting lines={8} />}
          </Card>
        </>
      )}
    </div>
  );
}

function query(asked: Asked): Record<string, string | number> {
  const { when = "", ...rest } = asked, span = SPANS[when];
  return span ? { ...rest, since: Date.now() / 1000 - span } : rest;
}

function Filters({ asked, choices, onChange }: { asked: Asked; choices: Choices | null; onChange: (name: string, value: string) => void }) {
  const typed = useSignal(asked.search ?? "");
  useEffect(() => {
    if (typed.value === (asked.search ?? "")) return undefined;
    const later = setTimeout(() => { onChange("search", typed.value.trim()); }, 300);
    return () => { clearTimeout(later); };
  }, [typed.value]);
  const offered: Readonly<Record<string, readonly string[]>> = { ...choices, outcome: OUTCOMES };
  const times: [string, string][] = [["", t("always")], ...(["hour", "day", "week", "month"] as const).map((each): [string, string] => [each, t(each)])];
  const shown = FILTERS.filter((name) => asked[name] || (offered[name]?.length ?? 0) > 1);
  return (
    <form class="log-filters" role="search" onSubmit={(event) => { event.preventDefault(); onChange("search", typed.value.trim()); }}>
      <Field label={t("search")} type="search" placeholder={t("searchIn")} value={typed.value} onInput={(event) => { typed.value = event.currentTarget.value; }} />
      <Select label={t("when")} options={times} value={asked.when ?? ""} onChange={(event) => { onChange("when", event.currentTarget.value); }} />
      {shown.map((name) => (
        <Select key={name} label={t(name)} value={asked[name] ?? ""} onChange={(event) => { onChange(name, event.currentTarget.value); }}
          options={[["", t("all")], ...options(offered[name] ?? [], asked[name], name === "rule")]} />
      ))}
      {Object.keys(asked).length ? (
        <Button look="quiet" icon="close" onClick={() => { typed.value = ""; go(href("log"), "replace"); }}>{t("clear")}</Button>
      ) : null}
    </form>
  );
}

function options(names: readonly string[], chosen: string | undefined, short: boolean): [string, string][] {
  const all = chosen && !names.includes(chosen) ? [chosen, ...names] : names;
  return all.map((each) => [each, short ? brief(each) : each.replaceAll("_", " ")]);
}

function Rows({ found, asked }: { found: Requests; asked: Asked }) {
  const older = useSignal<readonly Told[]>([]), until = useSignal(found.until), busy = useSignal(false);
  const known = [...found.requests, ...older.value], ids = new Set(known.map((each) => each.id));
  const newest = found.requests[0]?.at ?? 0;
  const fresh = requests.value.filter((each) => each.at > newest && !ids.has(each.id) && fits(each, asked));
  const rows = [...fresh, ...known];
  const further = async () => {
    busy.value = true;
    try {
      const next = await call("GET /log", { query: { ...query(asked), until: until.value ?? 0 } });
      older.value = [...older.value, ...next.requests];
      until.value = next.until;
    } catch (error) {
      tell(asRefusal(error).message, "bad");
    }
    busy.value = false;
  };
  const button = until.value === null ? null : <Button busy={busy.value} onClick={() => void further()}>{t("more")}</Button>;
  if (!rows.length) return <Nothing asked={asked} further={button} />;
  return (
    <>
      <Table caption={t("requests")} columns={requestColumns(moment)} rows={rows} id={(each) => each.id} onOpen={(each) => { go(href("log", [each.id])); }} />
      {button ? <div class="log-more">{button}</div> : null}
    </>
  );
}

/** Whether a request that has just ended is among those that were asked for. */
function fits(told: Told, asked: Asked): boolean {
  const one = FILTERS.every((name) => !asked[name] || told[name] === asked[name]);
  const all = `${told.id} ${told.model} ${told.rule} ${told.target} ${told.kind} ${told.outcome} ${told.user} ${told.project} ${told.message} ${told.tags.join(" ")}`.toLowerCase();
  return one && (asked.search ?? "").toLowerCase().split(/\s+/).every((word) => all.includes(word.replace(/^#/, "")));
}

function Nothing({ asked, further }: { asked: Asked; further: preact.ComponentChildren }) {
  if (!Object.keys(asked).length) return <Empty icon="log" title={t("none")}><p>{t("noneHelp")}</p><Code text="ccr code" /></Empty>;
  return <Empty icon="search" title={t("nothing")}><p>{t(further ? "further" : "nothingHelp")}</p>{further}</Empty>;
}

function Off() {
  return <Card><Empty icon="log" title={t("off")}><p>{t("offHelp")}</p><Code text="server { log = meta }" /></Empty></Card>;
}

// How it goes: what runs, what was asked while one looks, what it cost, who is well; and what to do when rules fail.
import { useSignal } from "@preact/signals";
import { call, Refusal } from "../api/client";
import { useAsked } from "../api/asked";
import { changes, loadedAt, requests, resting, startedAt, status } from "../api/live";
import type { Failure, Finding, Provider, Status } from "../api/types";
import { mend } from "../mend";
import { count, money, seconds, since } from "../numbers";
import type { Page } from "../page";
import { Card, Empty, Figure, Head, State, Table, Waiting, type Tone } from "../parts/card";
import { Code } from "../parts/code";
import { FindingView, Printed } from "../parts/finding";
import { Icon } from "../parts/icon";
import { requestColumns } from "../parts/request";
import { tell } from "../parts/toast";
import { say, text } from "../words";

export const page = { path: "", title: { en: "Overview", zh: "概览" }, icon: "overview", order: 10 } satisfies Page;

export const words = {
  lead: { en: "Rules {id}, loaded {ago}.", zh: "规则 {id}，{ago}加载。" },
  today: { en: "Requests today", zh: "今日请求" },
  sinceStart: { en: "started {ago}", zh: "{ago}启动" },
  spend: { en: "Spent today", zh: "今日花费" },
  spendMore: { en: "{week} this week, {month} this month", zh: "本周 {week}，本月 {month}" },
  saved: { en: "Saved", zh: "节省" },
  savedMore: { en: "today, against the {asked} of the models asked for", zh: "今日，所请求模型的费用为 {asked}" },
  savedLately: { en: "against the {asked} of the models asked for, of the last requests: nothing is logged", zh: "所请求模型的费用为 {asked}，仅统计最近的请求：未启用日志" },
  savedNone: { en: "no request with known prices yet", zh: "暂无价格已知的请求" },
  rules: { en: "Rules", zh: "规则" },
  rulesLive: { en: "live", zh: "生效" },
  rulesStale: { en: "older ones", zh: "旧规则" },
  findings: { en: "Warnings: {warnings}, notes: {notes}", zh: "{warnings} 个警告，{notes} 个提示" },
  requests: { en: "Requests", zh: "请求" },
  streaming: { en: "as they end", zh: "完成即显示" },
  streamingAll: { en: "of all {n} workers, as they end", zh: "全部 {n} 个工作进程，完成即显示" },
  streamingOne: { en: "of one of {n} workers: the others' are not logged", zh: "仅 {n} 个工作进程之一：其他进程未记录日志" },
  none: { en: "No request yet", zh: "暂无请求" },
  noneHelp: { en: "Start Claude Code through ccr, and each request shows here as it ends:", zh: "通过 ccr 启动 Claude Code，每个请求完成后会显示在这里：" },
  providers: { en: "Providers", zh: "提供商" },
  noProviders: { en: "No provider is set up", zh: "尚未配置提供商" },
  noProvidersHelp: { en: "Set a key variable such as OPENROUTER_API_KEY before ccr starts, or start Ollama.", zh: "在启动 ccr 之前设置密钥变量（如 OPENROUTER_API_KEY），或启动 Ollama。" },
  well: { en: "well", zh: "正常" },
  needs: { en: "not ready", zh: "未就绪" },
  rests: { en: "rests {seconds}", zh: "暂停 {seconds}" },
  limited: { en: "limited {seconds}", zh: "限流 {seconds}" },
  any: { en: "any model", zh: "任意模型" },
  models: { en: "{n} models", zh: "{n} 个模型" },
  failed: { en: "The last change of the rules does not load", zh: "最近一次规则修改无法加载" },
  failedLead: { en: "{ago}. Requests go on under the rules of before ({id}).", zh: "{ago}。请求继续使用之前的规则（{id}）。" },
  mended: { en: "Mended and live again", zh: "已修复并重新生效" },
  notMended: { en: "Written, but the rules still do not load", zh: "已写入，但规则仍无法加载" },
};
const t = say(words);

export default function Overview() {
  const now = status.value;
  return (
    <div class="page">
      <Head title={text(page.title)}>{now ? t("lead", { id: now.snapshot, ago: since(loadedAt.value) }) : null}</Head>
      {now?.failure ? <Failed failure={now.failure} running={now.snapshot} /> : null}
      {now ? <Figures now={now} /> : <Waiting lines={3} />}
      <div class="columns">
        <Requests loaded={now !== null} />
        <Providers />
      </div>
    </div>
  );
}

function Figures({ now }: { now: Status }) {
  const { today, findings } = now;
  return (
    <Card class="figures">
      <Figure name={t("today")} value={count(today.requests)}>{t("sinceStart", { ago: since(startedAt.value) })}</Figure>
      <Figure name={t("spend")} value={money(today.spend)}>{t("spendMore", { week: money(today.week), month: money(today.month) })}</Figure>
      <Figure name={t("saved")} value={money(today.saved)}>
        {today.saved === null ? t("savedNone") : t(today.logged ? "savedMore" : "savedLately", { asked: money(today.asked) })}
      </Figure>
      <Figure name={t("rules")} value={<State tone={now.failure ? "bad" : "good"}>{t(now.failure ? "rulesStale" : "rulesLive")}</State>}>
        {t("findings", { warnings: findings.warnings ?? 0, notes: findings.notes ?? 0 })}
      </Figure>
    </Card>
  );
}

// ---- requests ---------------------------------------------------------------------------------------------------------

/** Whose requests stream in: those of other workers are read in the log, if there is one. */
function streaming(): string {
  const n = status.value?.workers ?? 1;
  return n < 2 ? t("streaming") : t(status.value?.today.logged ? "streamingAll" : "streamingOne", { n });
}

function Requests({ loaded }: { loaded: boolean }) {
  const rows = requests.value;
  return (
    <Card title={t("requests")} actions={<span class="quiet">{streaming()}</span>} flush class="requests">
      {rows.length ? <Table caption={t("requests")} columns={requestColumns()} rows={rows.slice(0, 50)} id={(each) => each.id} />
        : loaded ? <Empty icon="log" title={t("none")}><p>{t("noneHelp")}</p><Code text="ccr code" /></Empty> : <Waiting lines={5} />}
    </Card>
  );
}

// ---- providers --------------------------------------------------------------------------------------------------------

function Providers() {
  const asked = useAsked(() => call("GET /providers"), [changes.value]);
  const have = asked.value?.providers.filter((each) => each.configured) ?? [];
  return (
    <Card title={t("providers")} flush>
      {!asked.value ? <Waiting lines={3} /> : have.length === 0 ? <Empty icon="providers" title={t("noProviders")}><p>{t("noProvidersHelp")}</p></Empty> : (
        <ul class="list">{have.map((each) => <Line key={each.name} provider={each} />)}</ul>
      )}
    </Card>
  );
}

function Line({ provider }: { provider: Provider }) {
  const rests = resting.value.filter((each) => each.provider === provider.name);
  const longest = rests.reduce((most, each) => Math.max(most, each.seconds), 0);
  const limited = rests.some((each) => each.limited);
  const tone: Tone = provider.needs ? "calm" : rests.length ? (limited ? "warn" : "bad") : "good";
  const word = provider.needs ? t("needs") : rests.length ? t(limited ? "limited" : "rests", { seconds: seconds(longest) }) : t("well");
  return (
    <li>
      <div><strong>{provider.name}</strong>
        <p class="quiet">{provider.needs ?? rests[0]?.why ?? (provider.models.count ? t("models", { n: provider.models.count }) : t("any"))}</p></div>
      <State tone={tone}>{word}</State>
    </li>
  );
}

// ---- rules that do not load -------------------------------------------------------------------------------------------

function Failed({ failure, running }: { failure: Failure; running: string }) {
  const busy = useSignal(false);
  const fix = async (finding: Finding) => {
    busy.value = true;
    try {
      const live = await mend(finding);
      tell(t(live ? "mended" : "notMended"), live ? "good" : "warn");
    } catch (error) {
      tell(error instanceof Refusal ? error.message : String(error), "bad");
    }
    busy.value = false;
  };
  const wrong = failure.findings.findings.filter((each) => each.severity === "error");
  return (
    <section class="banner bad" role="alert" aria-label={t("failed")}>
      <div class="banner-head"><Icon name="error" size={22} /><div><h2>{t("failed")}</h2>
        <p>{t("failedLead", { ago: since(failure.at), id: running })}</p></div></div>
      {failure.fault ? <p>{failure.fault}</p> : null}
      {wrong.map((each, at) => <FindingView key={at} finding={each} busy={busy.value} onFix={(found) => void fix(found)} />)}
      {failure.findings.text ? <Printed text={failure.findings.text} /> : null}
    </section>
  );
}

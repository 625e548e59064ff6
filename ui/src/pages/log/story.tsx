// One request's whole story: what the rules read and said, who was passed over, who was tried, how it ended, what it cost.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { call } from "../../api/client";
import { asRefusal, useAsked } from "../../api/asked";
import type { Story, Try } from "../../api/types";
import { count, moment, money, seconds } from "../../numbers";
import { Button } from "../../parts/button";
import { Badge, Card, Empty, Figure, Head, State, Waiting, type Tone } from "../../parts/card";
import { brief, ended, tone } from "../../parts/request";
import { Icon } from "../../parts/icon";
import { tell } from "../../parts/toast";
import { href } from "../../router";
import { say } from "../../words";
import { Again } from "./again";

const words = {
  back: { en: "All requests", zh: "全部请求" },
  title: { en: "Request {id}", zh: "请求 {id}" },
  lead: { en: "{when}, asked for {model}, under rules {snapshot}.", zh: "{when}，请求模型 {model}，规则 {snapshot}。" },
  noModel: { en: "no model", zh: "未指定模型" },
  wentTo: { en: "Went to", zh: "去向" },
  itself: { en: "ccr itself", zh: "ccr 自身" },
  nobody: { en: "nobody", zh: "无" },
  denied: { en: "denied", zh: "拒绝" },
  byRule: { en: "by {rule}", zh: "依据 {rule}" },
  noRule: { en: "no rule matched: the model asked for counted", zh: "没有规则匹配，使用所请求的模型" },
  first: { en: "First byte", zh: "首字节" },
  whole: { en: "{time} in all", zh: "总计 {time}" },
  tokens: { en: "Tokens", zh: "词元" },
  tokensMore: { en: "in + out", zh: "输入 + 输出" },
  estimated: { en: "our own count", zh: "由 ccr 估算" },
  cost: { en: "Cost", zh: "费用" },
  unpriced: { en: "unknown", zh: "未知" },
  unpricedMore: { en: "no price of this model is known", zh: "该模型价格未知" },
  saved: { en: "{money} less than {model}", zh: "比 {model} 少 {money}" },
  dearer: { en: "{money} more than {model}", zh: "比 {model} 多 {money}" },
  noAsked: { en: "no price of the model asked for", zh: "所请求模型的价格未知" },
  rules: { en: "What the rules said", zh: "规则判断" },
  rulesNone: { en: "What each rule came to was not kept: too many requests waited to be written.", zh: "未保留每条规则的结果：当时等待写入的请求过多。" },
  chosen: { en: "chosen", zh: "选中" },
  yes: { en: "yes", zh: "是" },
  no: { en: "no", zh: "否" },
  notNeeded: { en: "not needed", zh: "无需判断" },
  noTarget: { en: "no target", zh: "无可用目标" },
  targets: { en: "Who was tried", zh: "尝试过的目标" },
  untried: { en: "Nothing was sent.", zh: "未发送任何请求。" },
  passed: { en: "Passed over", zh: "已跳过" },
  after: { en: "first byte after {first}, {whole} in all", zh: "{first} 后首字节，总计 {whole}" },
  within: { en: "after {whole}", zh: "{whole} 后" },
  key: { en: "key {key}", zh: "密钥 {key}" },
  ending: { en: "How it ended", zh: "结果" },
  outcome: { en: "Outcome", zh: "结果" },
  status: { en: "Status", zh: "状态码" },
  stopped: { en: "Stopped by", zh: "停止原因" },
  way: { en: "Answered", zh: "应答方式" },
  streamed: { en: "as a stream", zh: "流式" },
  once: { en: "as a whole", zh: "整体" },
  duplicate: { en: "Repeated", zh: "重复" },
  duplicateMore: { en: "the same request was still running and was ended for it", zh: "相同请求仍在运行，已被其取代" },
  usage: { en: "Tokens by kind", zh: "词元明细" },
  input: { en: "Fresh input", zh: "新输入" },
  cacheRead: { en: "Read from a cache", zh: "缓存读取" },
  cacheWrite: { en: "Written to a cache", zh: "缓存写入" },
  output: { en: "Output", zh: "输出" },
  searches: { en: "Web searches", zh: "网页搜索" },
  askedCost: { en: "At {model}", zh: "若用 {model}" },
  who: { en: "Who and where", zh: "来源" },
  kind: { en: "Kind", zh: "类型" },
  user: { en: "User", zh: "用户" },
  project: { en: "Project", zh: "项目" },
  session: { en: "Session", zh: "会话" },
  agent: { en: "Agent", zh: "子代理" },
  tags: { en: "Tags", zh: "标签" },
  edits: { en: "Not told as asked", zh: "未按原样转达" },
  all: { en: "All facts that were kept ({n})", zh: "保留的全部事实（{n}）" },
  printed: { en: "As ccr explain prints it", zh: "ccr explain 的输出" },
  sent: { en: "What was sent ({n} bytes, kept because log = full)", zh: "发送的内容（{n} 字节，因 log = full 而保留）" },
  show: { en: "Show it", zh: "显示" },
  again: { en: "Decide again", zh: "重新判断" },
  gone: { en: "This request is not in the log", zh: "日志中没有该请求" },
  goneHelp: { en: "It may be older than the log keeps, or was never written.", zh: "它可能已超出日志保留期限，或从未写入。" },
  retry: { en: "Try again", zh: "重试" },
};
const t = say(words);

export function StoryPage({ id }: { id: string }) {
  const asked = useAsked(() => call("GET /log/{id}", { path: { id } }), [id]);
  const back = <a class="log-back" href={href("log")}><Icon name="arrow" size={16} />{t("back")}</a>;
  if (asked.value) return <Told story={asked.value} back={back} />;
  return (
    <div class="page">
      {back}<Head title={t("title", { id: `#${id.replace("req_", "").slice(0, 6)}` })} />
      {asked.refused ? (
        <Card><Empty icon="error" title={asked.refused.kind === "not_found" ? t("gone") : asked.refused.message}>
          {asked.refused.kind === "not_found" ? <p>{t("goneHelp")}</p> : null}<Button onClick={asked.again}>{t("retry")}</Button></Empty></Card>
      ) : <Card><Waiting lines={8} /></Card>}
    </div>
  );
}

function Told({ story, back }: { story: Story; back: ComponentChildren }) {
  const deciding = useSignal(false);
  const facts = Object.entries(story.facts);
  return (
    <div class="page log">
      {back}
      <Head title={t("title", { id: story.called })}
        actions={<Button icon="rules" aria-expanded={deciding.value} onClick={() => { deciding.value = !deciding.value; }}>{t("again")}</Button>}>
        {t("lead", { when: moment(story.at), model: story.model || t("noModel"), snapshot: story.snapshot })}
      </Head>
      {deciding.value ? <Again story={story} /> : null}
      <Figures story={story} />
      <div class="log-columns">
        <div><Rules story={story} /><Targets story={story} /></div>
        <div><Ending story={story} /><Who story={story} /></div>
      </div>
      <Card class="log-card-pad">
        {facts.length ? (
          <details class="printed"><summary>{t("all", { n: facts.length })}</summary>
            <Pairs pairs={facts.map(([name, value]) => [<code>{name}</code>, plain(value)])} /></details>
        ) : null}
        <details class="printed"><summary>{t("printed")}</summary><pre class="code" tabIndex={0}>{story.text}</pre></details>
        {story.body ? <Sent story={story} /> : null}
      </Card>
    </div>
  );
}

function plain(value: unknown): string {
  if (typeof value === "string") return value || '""';
  return Array.isArray(value) ? value.map(String).join(", ") || "–" : typeof value === "object" ? JSON.stringify(value) : String(value);
}

function Figures({ story }: { story: Story }) {
  const target = story.denied ? `${t("denied")} ${story.denied}` : story.target || (story.outcome === "ok" ? t("itself") : t("nobody"));
  const { usage } = story;
  return (
    <Card class="figures">
      <Figure name={t("wentTo")} value={<span class="log-figure">{target}</span>}>{story.rule ? t("byRule", { rule: brief(story.rule) }) : t("noRule")}</Figure>
      <Figure name={t("first")} value={seconds(story.first_content)}>{t("whole", { time: seconds(story.duration) })}</Figure>
      <Figure name={t("tokens")} value={<>{count(usage.input + usage.cache_read + usage.cache_write)} <span class="quiet">+</span> {count(usage.output)}</>}>
        {t(usage.estimated ? "estimated" : "tokensMore")}</Figure>
      <Figure name={t("cost")} value={story.cost === null ? t("unpriced") : money(story.cost)}>{compared(story)}</Figure>
    </Card>
  );
}

function compared({ cost, saved, model }: Story): string {
  if (cost === null) return t("unpricedMore");
  if (saved === null) return t("noAsked");
  return t(saved < 0 ? "dearer" : "saved", { money: money(Math.abs(saved)), model });
}

// ---- the rules ----------------------------------------------------------------------------------------------------------

function Rules({ story }: { story: Story }) {
  return (
    <Card title={t("rules")} flush>
      {story.looked_at.length ? (
        <ol class="list-plain log-steps">
          {story.looked_at.map((each, at) => {
            const [word, look] = came(each);
            return (
              <li key={at} class={each.chosen ? "chosen" : each.result === "not needed" ? "unasked" : ""}>
                <State tone={look}>{each.chosen ? t("chosen") : word}</State>
                <div>
                  <code>{each.text}</code>
                  <span class="quiet place">{brief(each.file)}:{each.line}</span>
                  {each.facts.length ? (
                    <dl class="log-read">{each.facts.map((fact) => <div key={fact.name}><dt>{fact.name}</dt><dd class="code">{fact.value}</dd></div>)}</dl>
                  ) : null}
                </div>
              </li>
            );
          })}
        </ol>
      ) : <Empty icon="rules" title={story.rule ? brief(story.rule) : t("noRule")}><p>{t("rulesNone")}</p></Empty>}
    </Card>
  );
}

function came(step: Story["looked_at"][number]): [string, Tone] {
  if (step.came_to_nothing) return [t("noTarget"), "warn"];
  if (step.result === true) return [t("yes"), "good"];
  return step.result === false ? [t("no"), "calm"] : [t("notNeeded"), "calm"];
}

// ---- who was tried ------------------------------------------------------------------------------------------------------

function Targets({ story }: { story: Story }) {
  return (
    <Card title={t("targets")} flush>
      {story.attempts.length || story.skipped.length ? (
        <ol class="list-plain log-steps">
          {story.skipped.map((each) => <li key={each}><State tone="calm">{t("passed")}</State><div>{each}</div></li>)}
          {story.attempts.map((each, at) => <Attempt key={at} attempt={each} whole={story.duration} />)}
        </ol>
      ) : <Empty icon="providers" title={t("untried")} />}
    </Card>
  );
}

function Attempt({ attempt, whole }: { attempt: Try; whole: number }) {
  const good = attempt.outcome === "ok", took = attempt.ended - attempt.began;
  const share = (time: number) => `${Math.min(100, (100 * time) / Math.max(whole, 0.001))}%`;
  const told = good && attempt.first_byte !== null
    ? t("after", { first: seconds(attempt.first_byte - attempt.began), whole: seconds(took) }) : t("within", { whole: seconds(took) });
  return (
    <li>
      <State tone={good ? "good" : "bad"}>{ended(attempt.outcome, attempt.status)}</State>
      <div>
        <strong>{attempt.target}</strong>
        <div class="log-bar" aria-hidden="true"><span class={good ? "good" : "bad"} style={{ left: share(attempt.began), width: share(took) }} /></div>
        <span class="quiet place">{told}{attempt.key ? ` · ${t("key", { key: attempt.key })}` : ""}</span>
        {attempt.message ? <span>{attempt.message}</span> : null}
      </div>
    </li>
  );
}

// ---- the rest -----------------------------------------------------------------------------------------------------------

type Pair = readonly [ComponentChildren, ComponentChildren];

function Pairs({ pairs }: { pairs: readonly Pair[] }) {
  return <dl class="log-facts">{pairs.map(([name, value], at) => <div key={at}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
}

function Ending({ story }: { story: Story }) {
  const { usage } = story;
  const tokens: Pair[] = ([["input", usage.input], ["cacheRead", usage.cache_read], ["cacheWrite", usage.cache_write], ["output", usage.output], ["searches", usage.web_searches]] as const)
    .filter(([name, value]) => value > 0 || name === "input" || name === "output").map(([name, value]) => [t(name), count(value)]);
  const pairs: Pair[] = [
    [t("outcome"), <Badge tone={tone(story.outcome)}>{ended(story.outcome, 0)}</Badge>],
    ...(story.status ? [[t("status"), story.status] as const] : []),
    [t("way"), t(story.streamed ? "streamed" : "once")],
    ...(story.stop_reason ? [[t("stopped"), story.stop_reason] as const] : []),
    ...(story.duplicate ? [[t("duplicate"), t("duplicateMore")] as const] : []),
    ...(story.attempts.length ? tokens : []),
    ...(story.asked_cost === null ? [] : [[t("askedCost", { model: story.model }), money(story.asked_cost)] as const]),
  ];
  return (
    <Card title={t("ending")} class="log-card-pad">
      <Pairs pairs={pairs} />
      {story.edits.length ? <div><h3>{t("edits")}</h3><ul class="help">{story.edits.map((each) => <li key={each}>{each}</li>)}</ul></div> : null}
    </Card>
  );
}

function Who({ story }: { story: Story }) {
  const said: readonly (readonly [keyof typeof words, string])[] = [
    ["kind", story.recognised ? `${story.kind} (${story.recognised})` : story.kind], ["user", story.user], ["project", story.project],
    ["session", story.session], ["agent", story.agent], ["tags", story.tags.join(", ")],
  ];
  return <Card title={t("who")}><Pairs pairs={said.filter(([, value]) => value).map(([name, value]) => [t(name), value])} /></Card>;
}

/** Asked for by a click only: this is the one place where a text of somebody can stand. */
function Sent({ story }: { story: Story }) {
  const shown = useSignal<string | null>(null), busy = useSignal(false);
  const show = async () => {
    busy.value = true;
    try {
      shown.value = pretty((await call("GET /log/{id}/body", { path: { id: story.id } })).text);
    } catch (error) {
      tell(asRefusal(error).message, "bad");
    }
    busy.value = false;
  };
  return (
    <details class="printed"><summary>{t("sent", { n: count(story.body) })}</summary>
      {shown.value === null ? <p><Button class="small" busy={busy.value} onClick={() => void show()}>{t("show")}</Button></p>
        : <pre class="log-text code" tabIndex={0}>{shown.value}</pre>}
    </details>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

// Try a request: by facts, pasted, or from the log; what each rule makes of it, as `ccr explain` tells it. Nothing is sent.
import { useState } from "preact/hooks";
import { asRefusal, useAsked } from "../api/asked";
import { call } from "../api/client";
import { changes } from "../api/live";
import type { Answer, Explained, Looked } from "../api/types";
import { clock } from "../numbers";
import { Button } from "../parts/button";
import { Badge, Card, State, Waiting, type Tone } from "../parts/card";
import { Area, Field, Select, Tabs } from "../parts/field";
import { FindingView, Printed } from "../parts/finding";
import { Icon } from "../parts/icon";
import { say } from "../words";

export const words = {
  title: { en: "Try a request", zh: "试一个请求" },
  ways: { en: "Where the request comes from", zh: "请求来源" },
  facts: { en: "Facts", zh: "特征" },
  paste: { en: "Pasted", zh: "粘贴" },
  log: { en: "From the log", zh: "来自日志" },
  model: { en: "Model asked for", zh: "请求的模型" },
  tokens: { en: "Tokens", zh: "词元" },
  more: { en: "More facts", zh: "更多特征" },
  moreHelp: { en: "As in an example of a rule file, such as tools = [Bash], time = 22:00", zh: "与规则文件中的示例写法相同，例如 tools = [Bash], time = 22:00" },
  body: { en: "Body of a Messages request", zh: "Messages 请求体" },
  bodyHelp: { en: "JSON, or an object with headers and body.", zh: "JSON，或包含 headers 与 body 的对象。" },
  noJson: { en: "This is no JSON object", zh: "这不是 JSON 对象" },
  logged: { en: "Request", zh: "请求" },
  none: { en: "No request is in the log yet.", zh: "日志中暂无请求。" },
  go: { en: "What happens to it?", zh: "结果如何？" },
  mine: { en: "Decided under what you are writing.", zh: "按您正在编辑的规则判断。" },
  live: { en: "Decided under the rules in force.", zh: "按生效中的规则判断。" },
  routed: { en: "goes to", zh: "发往" },
  denied: { en: "denied with {status}", zh: "拒绝，状态 {status}" },
  unsaid: { en: "It hangs on {name}, which is not said. Add it to the facts.", zh: "结果取决于未说明的 {name}，请在特征中补充。" },
  unknown: { en: "It hangs on {name}, which the log did not keep.", zh: "结果取决于日志未保存的 {name}。" },
  broken: { en: "The rules do not load as they stand.", zh: "当前规则无法加载。" },
  true: { en: "true", zh: "真" },
  false: { en: "false", zh: "假" },
  notNeeded: { en: "not needed", zh: "无需判断" },
  nothing: { en: "held, but no target could take it", zh: "成立，但没有可用目标" },
  noRule: { en: "No rule took it.", zh: "没有规则接管。" },
  changed: { en: "changed on the way", zh: "途中修改" },
};
const t = say(words);
const TOGGLES = ["agent", "image", "plan", "thinking", "web_search"] as const;

interface Edited { name: string; text: string }
interface Facts { model: string; tokens: string; toggles: readonly string[]; more: string }
type Way = "facts" | "paste" | "log";

/** `edited`: what is being written, if that is another text than the saved one. */
export function Attempt({ edited, logged = "" }: { edited: Edited | null; logged?: string }) {
  const [way, setWay] = useState<Way>(logged ? "log" : "facts"), [busy, setBusy] = useState(false);
  const [facts, setFacts] = useState<Facts>({ model: "", tokens: "", toggles: [], more: "" });
  const [pasted, setPasted] = useState(""), [wrong, setWrong] = useState(""), [chosen, setChosen] = useState(logged);
  const [answer, setAnswer] = useState<(Answer & { under: "mine" | "live"; way: Way }) | null>(null);
  const go = async (event: Event) => {
    event.preventDefault();
    setWrong("");
    const asked = way === "facts" ? { sample: sample(facts) } : way === "log" ? { logged: chosen } : request(pasted);
    if (!asked) { setWrong(t("noJson")); return; }
    setBusy(true);
    try {
      const said = await call("POST /explain", { body: { ...asked, edited } });
      setAnswer({ ...said, under: edited ? "mine" : "live", way });
    } catch (error) {
      setAnswer(null);
      setWrong(asRefusal(error).message);
    } finally {
      setBusy(false);
    }
  };
  const tabs = [{ id: "facts", name: t("facts") }, { id: "paste", name: t("paste") }, { id: "log", name: t("log") }];
  return (
    <Card title={t("title")} class="rules-try">
      <form onSubmit={(event) => void go(event)}>
        <Tabs label={t("ways")} tabs={tabs} chosen={way} onChoose={(id) => { setWay(id as Way); setWrong(""); }}>
          {way === "facts" ? <FactsForm facts={facts} onChange={setFacts} /> : null}
          {way === "paste" ? <Area label={t("body")} help={t("bodyHelp")} wrong={wrong || undefined} value={pasted} class="input code" spellcheck={false} onInput={(event) => { setPasted(event.currentTarget.value); }} /> : null}
          {way === "log" ? <Logged chosen={chosen} onChoose={setChosen} /> : null}
        </Tabs>
        {wrong && way !== "paste" ? <p class="rules-wrong" role="alert">{wrong}</p> : null}
        <Button type="submit" icon="arrow" busy={busy} disabled={way === "log" && !chosen}>{t("go")}</Button>
      </form>
      <div aria-live="polite">{answer ? <Told answer={answer} /> : null}</div>
    </Card>
  );
}

function FactsForm({ facts, onChange }: { facts: Facts; onChange: (facts: Facts) => void }) {
  const flip = (name: string) => facts.toggles.includes(name) ? facts.toggles.filter((each) => each !== name) : [...facts.toggles, name];
  return (
    <>
      <div class="rules-pair">
        <Field label={t("model")} placeholder="claude-sonnet-4-5" value={facts.model} onInput={(event) => { onChange({ ...facts, model: event.currentTarget.value }); }} />
        <Field label={t("tokens")} placeholder="70k" value={facts.tokens} onInput={(event) => { onChange({ ...facts, tokens: event.currentTarget.value }); }} />
      </div>
      <div class="rules-toggles">
        {TOGGLES.map((each) => (
          <label key={each}><input type="checkbox" checked={facts.toggles.includes(each)} onChange={() => { onChange({ ...facts, toggles: flip(each) }); }} /> <span class="code">{each}</span></label>
        ))}
      </div>
      <Field label={t("more")} help={t("moreHelp")} value={facts.more} onInput={(event) => { onChange({ ...facts, more: event.currentTarget.value }); }} />
    </>
  );
}

function sample(facts: Facts): string {
  const { model, tokens, toggles, more } = facts;
  const said = [model.trim() && `model = "${model.trim().replace(/["\\]/g, "")}"`, tokens.trim() && `tokens = ${tokens.trim()}`, ...toggles, more.trim()];
  return `{ ${said.filter(Boolean).join(", ")} }`;
}

/** A body, or headers and body; null if it is neither. */
function request(pasted: string): { request: Record<string, unknown>; headers?: Record<string, string> } | null {
  try {
    const said = JSON.parse(pasted) as Record<string, unknown>;
    if (typeof said !== "object" || said === null || Array.isArray(said)) return null;
    const { headers, body } = said as { headers?: Record<string, string>; body?: Record<string, unknown> };
    return body && headers ? { request: body, headers } : { request: body ?? said };
  } catch {
    return null;
  }
}

function Logged({ chosen, onChoose }: { chosen: string; onChoose: (id: string) => void }) {
  const { value, refused } = useAsked(() => call("GET /log", { query: { limit: 30 } }), [changes.value]);
  if (refused) return <p class="help">{refused.message}</p>;
  if (!value) return <Waiting lines={2} />;
  if (!value.requests.length && !chosen) return <p class="help">{t("none")}</p>;
  const known = value.requests.map((each): [string, string] => [each.id, `${clock(each.at)}  ${each.model}  →  ${each.target || each.outcome}`]);
  const more: [string, string][] = chosen && !known.some(([id]) => id === chosen) ? [[chosen, chosen]] : [];
  return <Select label={t("logged")} options={[["", "–"], ...more, ...known]} value={chosen} onChange={(event) => { onChoose(event.currentTarget.value); }} />;
}

// ---- told -------------------------------------------------------------------------------------------------------------

function Told({ answer }: { answer: Answer & { under: "mine" | "live"; way: Way } }) {
  const { explained, findings, unsaid } = answer;
  if (unsaid) return <p class="rules-outcome"><State tone="warn">{t(answer.way === "log" ? "unknown" : "unsaid", { name: unsaid })}</State></p>;
  if (!explained) {
    const errors = findings.findings.filter((each) => each.severity === "error");
    return <div class="rules-outcome"><State tone="bad">{t("broken")}</State>{errors.map((each) => <FindingView key={`${each.code} ${each.range.start.byte}`} finding={each} />)}</div>;
  }
  return (
    <div class="rules-outcome">
      <Outcome explained={explained} />
      <p class="help">{t(answer.under)}</p>
      <ol class="rules-looked">{explained.looked_at.map((each) => <Row key={`${each.file}:${each.line} ${each.text}`} looked={each} chosen={each.file === explained.rule?.file && each.line === explained.rule.line} />)}</ol>
      <Printed text={explained.text} />
    </div>
  );
}

function Outcome({ explained }: { explained: Explained }) {
  if (explained.outcome === "deny") return <p><State tone="bad">{t("denied", { status: explained.status ?? 403 })}</State> <span class="quiet">{explained.message}</span></p>;
  return <p class="rules-goes"><State tone="good">{t("routed")}</State>{explained.targets.map((each, at) => <span key={each} class="code">{at ? <Icon name="arrow" size={14} /> : null}{at ? each : <strong>{each}</strong>}</span>)}</p>;
}

const RESULTS = { true: ["good", "true"], false: ["calm", "false"], "not needed": ["calm", "notNeeded"] } as const;

function Row({ looked, chosen }: { looked: Looked; chosen: boolean }) {
  const [tone, word] = RESULTS[String(looked.result) as keyof typeof RESULTS];
  const facts = Object.entries(looked.facts);
  return (
    <li class={`${String(looked.result) === "true" ? "" : "faint"} ${chosen ? "chosen" : ""}`}>
      <Badge tone={tone as Tone}>{t(word)}</Badge>
      <div>
        <code>{looked.text}</code>
        <p class="help">{looked.file.split("/").pop()}:{looked.line}{facts.length ? ` · ${facts.map(([name, value]) => `${name} = ${typeof value === "string" ? value : JSON.stringify(value)}`).join(", ")}` : ""}</p>
        {looked.came_to_nothing ? <p class="help">{t("nothing")}</p> : null}
      </div>
    </li>
  );
}

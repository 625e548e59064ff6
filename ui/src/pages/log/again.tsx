// A request of the log decided again: by the rules in force, or by a rule file as somebody edits it here. Nothing is saved
// and nothing is sent.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { call } from "../../api/client";
import { asRefusal, useAsked } from "../../api/asked";
import { changes } from "../../api/live";
import type { Again as Answer, Story } from "../../api/types";
import { Button } from "../../parts/button";
import { Badge, Card, Waiting } from "../../parts/card";
import { Editor } from "../../parts/editor";
import { Select } from "../../parts/field";
import { FindingView } from "../../parts/finding";
import { brief } from "../../parts/request";
import { tell } from "../../parts/toast";
import { href } from "../../router";
import { say } from "../../words";

const words = {
  title: { en: "Decide again", zh: "重新判断" },
  lead: { en: "What would your rules make of this request now? Change a file below to see what would change. Nothing is saved or sent.", zh: "现在的规则会如何处理该请求？修改下面的文件即可查看变化。不会保存，也不会发送。" },
  file: { en: "Rule file", zh: "规则文件" },
  decide: { en: "Decide", zh: "判断" },
  toRules: { en: "Open in Rules", zh: "在规则页打开" },
  same: { en: "the same", zh: "结果相同" },
  differs: { en: "would change", zh: "结果会改变" },
  undecided: { en: "not decidable", zh: "无法判断" },
  hangs: { en: "It hangs on {name}, which the log did not keep.", zh: "取决于日志未保留的 {name}。" },
  broken: { en: "These rules do not load:", zh: "这些规则无法加载：" },
  goes: { en: "Goes to {chain}", zh: "发往 {chain}" },
  denied: { en: "Denied with {status}", zh: "以 {status} 拒绝" },
  nowhere: { en: "Goes nowhere", zh: "无去向" },
  was: { en: "Before: {before}", zh: "之前：{before}" },
  by: { en: "by {rule}", zh: "依据 {rule}" },
  then: { en: ", then ", zh: "，然后 " },
};
const t = say(words);

export function Again({ story }: { story: Story }) {
  const files = useAsked(() => call("GET /rules"), [changes.value]);
  const writable = files.value?.files.filter((each) => each.writable) ?? [];
  const chosen = useSignal(""), text = useSignal<string | null>(null), answer = useSignal<Answer | null>(null), busy = useSignal(false);
  const name = chosen.value || writable.find((each) => each.file === story.rule.replace(/:\d+$/, ""))?.name || writable[0]?.name || "";
  useEffect(() => {
    if (!name) return;
    void call("GET /rules/file", { query: { name } }).then((file) => { text.value = file.text; }, (error: unknown) => { tell(asRefusal(error).message, "bad"); });
  }, [name]);
  const decide = async () => {
    busy.value = true;
    try {
      const edited = name && text.value !== null ? { name, text: text.value } : null;
      answer.value = await call("POST /log/{id}/again", { path: { id: story.id }, body: { edited } });
    } catch (error) {
      tell(asRefusal(error).message, "bad");
    }
    busy.value = false;
  };
  return (
    <Card title={t("title")} class="log-again">
      <p class="quiet">{t("lead")}</p>
      <div class="row">
        {writable.length ? (
          <Select label={t("file")} value={name} options={writable.map((each) => [each.name, each.name])}
            onChange={(event) => { chosen.value = event.currentTarget.value; text.value = null; answer.value = null; }} />
        ) : null}
        <Button look="primary" busy={busy.value} onClick={() => void decide()}>{t("decide")}</Button>
        {name ? <a class="button quiet" href={href("rules", [name])}>{t("toRules")}</a> : null}
      </div>
      {answer.value ? <div aria-live="polite"><Outcome answer={answer.value} /></div> : null}
      {!name ? null : text.value === null ? <Waiting lines={6} />
        : <Editor key={name} label={name} value={text.value} onChange={(typed) => { text.value = typed; }} />}
    </Card>
  );
}

function Outcome({ answer }: { answer: Answer }) {
  if (!answer.loads) {
    return <div class="log-outcome"><p>{t("broken")}</p>{answer.findings.findings.filter((each) => each.severity === "error").map((each, at) => <FindingView key={at} finding={each} />)}</div>;
  }
  if (answer.undecided) {
    return <div class="log-outcome"><p><Badge tone="warn">{t("undecided")}</Badge> {t("hangs", { name: answer.undecided })}</p></div>;
  }
  return (
    <div class="log-outcome">
      <p><Badge tone={answer.same ? "good" : "accent"}>{t(answer.same ? "same" : "differs")}</Badge> <strong>{went(answer.chain, answer.denied)}</strong>
        {answer.same ? null : <span class="quiet"> {t("was", { before: went(answer.before, answer.denied_before) })}</span>}</p>
      {answer.rule ? <p class="quiet">{t("by", { rule: brief(answer.rule) })} <code>{answer.rule_text}</code></p> : null}
    </div>
  );
}

function went(chain: readonly string[], denied: number | null): string {
  if (denied) return t("denied", { status: denied });
  return chain.length ? t("goes", { chain: chain.join(t("then")) }) : t("nowhere");
}

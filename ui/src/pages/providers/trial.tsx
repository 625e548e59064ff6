// A real small request of a model: did it answer, how fast, and what mends it; and which models the provider says it has.
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { call } from "../../api/client";
import { useAsked } from "../../api/asked";
import type { Discovered, Provider, Trial as Said } from "../../api/types";
import { count, seconds } from "../../numbers";
import { Button } from "../../parts/button";
import { State } from "../../parts/card";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { Coded } from "../../parts/finding";
import { say } from "../../words";
import { Refused, useDoing } from "./doing";

const words = {
  title: { en: "Test {name}", zh: "测试 {name}" },
  lead: { en: "One small real request, which costs a fraction of a cent. It is not written into the log.", zh: "发送一个真实的小请求，费用不到一分钱，不写入日志。" },
  model: { en: "Model", zh: "模型" },
  cheapest: { en: "Left empty, the cheapest one that is known.", zh: "留空则使用已知最便宜的模型。" },
  send: { en: "Send", zh: "发送" },
  discover: { en: "Ask which models it has", zh: "查询可用模型" },
  found: { en: "It has {n} models; choose one to try it.", zh: "共有 {n} 个模型，选择一个进行测试。" },
  fresh: { en: "not in the rules yet", zh: "规则中尚无" },
  answered: { en: "{target} answered", zh: "{target} 已作答" },
  failed: { en: "{target} did not answer: {outcome}", zh: "{target} 未作答：{outcome}" },
  status: { en: "Status", zh: "状态码" },
  first: { en: "First byte", zh: "首字节" },
  whole: { en: "Whole answer", zh: "完整应答" },
  tokens: { en: "Tokens", zh: "词元" },
  said: { en: "It said", zh: "应答" },
  mend: { en: "To mend it", zh: "修复建议" },
  key: { en: "Key {key}", zh: "密钥 {key}" },
};
const t = say(words);

export function Trial({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const { name } = provider, list = useId();
  const known = useAsked(() => call("GET /providers/{name}/models", { path: { name } }), [name]);
  const model = useSignal(""), said = useSignal<Said | null>(null), found = useSignal<Discovered | null>(null);
  const sending = useDoing(), finding = useDoing();
  const send = async () => { said.value = null; said.value = await call("POST /providers/{name}/test", { path: { name }, body: { model: model.value } }); };
  const discover = async () => { found.value = await call("POST /providers/{name}/discover", { path: { name } }); };
  const names = [...new Set([...(known.value?.models.map((each) => each.name) ?? []), ...(found.value?.models ?? [])])];
  return (
    <Dialog title={t("title", { name })} onClose={onClose}>
      <form onSubmit={(event) => { event.preventDefault(); sending.run(send); }}>
        <p class="quiet">{t("lead")}</p>
        <Field label={t("model")} list={list} value={model.value} help={t("cheapest")} autocomplete="off" onInput={(event) => { model.value = event.currentTarget.value; }} />
        <datalist id={list}>{names.slice(0, 500).map((each) => <option key={each} value={each} />)}</datalist>
        <div class="actions">
          <Button icon="search" busy={finding.busy} onClick={() => { finding.run(discover); }}>{t("discover")}</Button>
          <Button look="primary" type="submit" busy={sending.busy}>{t("send")}</Button>
        </div>
        <Refused refused={finding.refused} />
        {found.value ? <Models found={found.value} chosen={model.value} onChoose={(each) => { model.value = each; }} /> : null}
        <Refused refused={sending.refused} />
        {said.value ? <Told said={said.value} /> : null}
      </form>
    </Dialog>
  );
}

function Models({ found, chosen, onChoose }: { found: Discovered; chosen: string; onChoose: (model: string) => void }) {
  return (
    <div class="providers-models">
      <p class="help" role="status">{t("found", { n: count(found.models.length) })}</p>
      <div class="providers-chips">
        {found.models.slice(0, 300).map((each) => (
          <button key={each} type="button" class="providers-chip" aria-pressed={each === chosen} onClick={() => { onChoose(each); }}
            title={found.known.includes(each) ? undefined : t("fresh")}>{each}</button>
        ))}
      </div>
    </div>
  );
}

function Told({ said }: { said: Said }) {
  const facts: [string, string][] = [
    ...(said.status ? [[t("status"), String(said.status)] as [string, string]] : []),
    ...(said.first_byte === null ? [] : [[t("first"), seconds(said.first_byte)] as [string, string]]),
    [t("whole"), seconds(said.seconds)],
    ...(said.ok ? [[t("tokens"), `${said.tokens.input} + ${said.tokens.output}`] as [string, string]] : []),
  ];
  const keys = new Map(said.attempts.map((each) => [each.key, each]));
  return (
    <div class="providers-result" role="status">
      <State tone={said.ok ? "good" : "bad"}><strong>{said.ok ? t("answered", { target: said.target })
        : t("failed", { target: said.target, outcome: said.outcome.replaceAll("_", " ") })}</strong></State>
      <dl>{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
      {said.ok && said.text ? <p><span class="quiet">{t("said")}: </span>{said.text}</p> : null}
      {!said.ok && said.message && said.message !== said.mend ? <p>{said.message}</p> : null}
      {keys.size > 1 ? <ul>{[...keys.values()].map((each) => <li key={each.key}>{t("key", { key: each.key ?? "–" })}: {each.outcome.replaceAll("_", " ")}</li>)}</ul> : null}
      {said.mend ? <p class="providers-mend"><strong>{t("mend")}: </strong><Coded text={said.mend} /></p> : null}
    </div>
  );
}

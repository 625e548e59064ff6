// A request put together once, given as lines to paste: `ccr code`, curl, Python, TypeScript.
import { useSignal } from "@preact/signals";
import { useAsked } from "../api/asked";
import { call } from "../api/client";
import { changes } from "../api/live";
import { KEY, KINDS, written, type Kind, type Wanted } from "../commands";
import type { Page } from "../page";
import { Card, Head } from "../parts/card";
import { Code } from "../parts/code";
import { Area, Check, Field, Tabs } from "../parts/field";
import { Coded } from "../parts/finding";
import { href, place } from "../router";
import { say, text } from "../words";

export const page = { path: "commands", title: { en: "Commands", zh: "命令生成" }, icon: "commands", order: 80 } satisfies Page;

export const words = {
  lead: { en: "One request, as lines to paste into a shell or a program.", zh: "将一个请求生成可直接粘贴到终端或程序中的代码。" },
  request: { en: "Request", zh: "请求" },
  model: { en: "Model", zh: "模型" },
  modelHelp: { en: "`provider/model`, an alias, or a name that clients ask for: then your rules choose.", zh: "`provider/model`、别名，或客户端请求的模型名（由规则决定目标）。" },
  prompt: { en: "Prompt", zh: "提示词" },
  prompted: { en: "What does a proxy do? Answer in one sentence.", zh: "代理是做什么的？用一句话回答。" },
  system: { en: "System prompt", zh: "系统提示词" },
  most: { en: "Most tokens", zh: "最大词元数" },
  temperature: { en: "Temperature", zh: "温度" },
  temperatureHelp: { en: "Empty: the model's own.", zh: "留空则使用模型默认值。" },
  stream: { en: "Show the answer as it comes", zh: "流式输出" },
  kinds: { en: "What runs it", zh: "运行方式" },
  code: { en: "Claude Code", zh: "Claude Code" },
  curl: { en: "curl", zh: "curl" },
  sdk: { en: "Python, SDK", zh: "Python SDK" },
  httpx: { en: "Python, httpx", zh: "Python httpx" },
  typescript: { en: "TypeScript", zh: "TypeScript" },
  ofCode: { en: "Starts the service if none runs, and brings its own key.", zh: "若服务未运行则自动启动，并自带密钥。" },
  ofCodeTemperature: { en: "Claude Code has no option for a temperature. A rule sets it: `set temperature = {t}`.", zh: "Claude Code 没有温度选项，可用规则设置：`set temperature = {t}`。" },
  ofSdk: { en: "Needs the package: `pip install anthropic`.", zh: "需要安装：`pip install anthropic`。" },
  ofHttpx: { en: "Needs the package: `pip install httpx`.", zh: "需要安装：`pip install httpx`。" },
  ofTypescript: { en: "No package is needed. Runs as a module of Node 20 or newer, of Deno and of Bun.", zh: "无需安装依赖，可作为模块在 Node 20+、Deno 或 Bun 中运行。" },
  key: { en: "This ccr asks for a key. It stands in none of these lines: put yours into the variable `{name}` first.", zh: "此 ccr 需要密钥。密钥不会出现在代码中，请先将其放入变量 `{name}`。" },
  keyless: { en: "No key is needed: this ccr serves this machine alone.", zh: "无需密钥：此 ccr 仅服务本机。" },
  bench: { en: "Try it on the test bench", zh: "在测试台试用" },
};
const t = say(words);

export default function Commands() {
  const targets = useAsked(() => call("GET /targets"), [changes.value]);
  const model = useSignal(place.value.query.get("target") ?? ""), prompt = useSignal(""), system = useSignal("");
  const most = useSignal("1024"), temperature = useSignal(""), stream = useSignal(false), kind = useSignal<Kind>("curl");
  const known = targets.value;
  const wanted: Wanted = {
    address: location.origin, prompt: prompt.value || t("prompted"), system: system.value.trim(), stream: stream.value,
    model: model.value.trim() || (kind.value === "code" ? "" : (known?.asked[0] ?? "claude-sonnet-4-5")),
    most: Math.max(1, Math.round(Number(most.value)) || 1024),
    temperature: temperature.value === "" ? null : Number(temperature.value), needsKey: known?.needs_key ?? false,
  };
  return (
    <div class="page">
      <Head title={text(page.title)}>{t("lead")}</Head>
      <div class="commands-both">
        <Card title={t("request")} class="commands-form">
          <Field label={t("model")} list="commands-models" help={<Coded text={t("modelHelp")} />} placeholder={known?.asked[0] ?? ""} autocomplete="off" spellcheck={false}
            value={model.value} onInput={(event) => { model.value = event.currentTarget.value; }} />
          <datalist id="commands-models">
            {[...(known?.aliases ?? []), ...(known?.targets.map((each) => each.name) ?? []), ...(known?.asked ?? [])].map((each) => <option key={each} value={each} />)}
          </datalist>
          <Area label={t("prompt")} rows={3} placeholder={t("prompted")} value={prompt.value} onInput={(event) => { prompt.value = event.currentTarget.value; }} />
          <Area label={t("system")} rows={2} value={system.value} onInput={(event) => { system.value = event.currentTarget.value; }} />
          <div class="commands-numbers">
            <Field label={t("most")} type="number" min={1} max={1000000} value={most.value} onInput={(event) => { most.value = event.currentTarget.value; }} />
            <Field label={t("temperature")} type="number" min={0} max={2} step={0.1} help={t("temperatureHelp")} value={temperature.value} onInput={(event) => { temperature.value = event.currentTarget.value; }} />
          </div>
          <Check label={t("stream")} checked={stream.value} onChange={(checked) => { stream.value = checked; }} />
        </Card>
        <Card>
          <Tabs label={t("kinds")} chosen={kind.value} onChoose={(id) => { kind.value = id as Kind; }} tabs={KINDS.map((id) => ({ id, name: t(id) }))}>
            <div class="commands-lines"><Code text={written(kind.value, wanted)} /></div>
            <Notes kind={kind.value} wanted={wanted} />
            <p><a href={href("bench", [], model.value ? { target: model.value } : {})}>{t("bench")}</a></p>
          </Tabs>
        </Card>
      </div>
    </div>
  );
}

function Notes({ kind, wanted }: { kind: Kind; wanted: Wanted }) {
  const of = { code: "ofCode", curl: null, sdk: "ofSdk", httpx: "ofHttpx", typescript: "ofTypescript" } as const;
  const word = of[kind];
  return (
    <div class="commands-notes help">
      {word ? <p><Coded text={t(word)} /></p> : null}
      {kind === "code" && wanted.temperature !== null ? <p><Coded text={t("ofCodeTemperature", { t: wanted.temperature })} /></p> : null}
      {kind === "code" ? null : <p><Coded text={wanted.needsKey ? t("key", { name: KEY }) : t("keyless")} /></p>}
    </div>
  );
}

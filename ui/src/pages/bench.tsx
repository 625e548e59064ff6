// A prompt to any target, or to whatever the rules choose; two side by side; the answer as it comes, with its figures.
import { useSignal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { asRefusal, useAsked } from "../api/asked";
import { call, pour } from "../api/client";
import { changes } from "../api/live";
import type { Prompt, Targets, Told } from "../api/types";
import { money, seconds, short } from "../numbers";
import type { Page } from "../page";
import { Button } from "../parts/button";
import { Card, Empty, Head, State } from "../parts/card";
import { Area, Field } from "../parts/field";
import { Coded } from "../parts/finding";
import { Icon } from "../parts/icon";
import { href, place } from "../router";
import { say, text } from "../words";

export const page = { path: "bench", title: { en: "Test bench", zh: "测试台" }, icon: "bench", order: 70 } satisfies Page;

export const words = {
  lead: { en: "A real request, on the same road as Claude Code's: it is in the log, and it costs what it costs.", zh: "真实请求，与 Claude Code 走同一路径：会记入日志并产生费用。" },
  prompt: { en: "Prompt", zh: "提示词" },
  promptIn: { en: "What would you ask?", zh: "想问什么？" },
  target: { en: "Target", zh: "目标" },
  first: { en: "First target", zh: "第一个目标" },
  second: { en: "Second target", zh: "第二个目标" },
  byRules: { en: "By my rules", zh: "按我的规则" },
  targetHelp: { en: "`provider/model`; empty: your rules choose.", zh: "`provider/model`；留空则由规则决定。" },
  asked: { en: "Model asked for", zh: "请求的模型" },
  askedHelp: { en: "What your rules are told that the client wants.", zh: "规则所见的客户端请求模型。" },
  more: { en: "System prompt and limits", zh: "系统提示词与限制" },
  system: { en: "System prompt", zh: "系统提示词" },
  most: { en: "Most tokens of the answer", zh: "回答的最大词元数" },
  temperature: { en: "Temperature", zh: "温度" },
  temperatureHelp: { en: "Empty: the model's own.", zh: "留空则使用模型默认值。" },
  send: { en: "Send", zh: "发送" },
  stop: { en: "Stop", zh: "停止" },
  beside: { en: "Compare two", zh: "对比两个" },
  alone: { en: "Only one", zh: "只用一个" },
  answer: { en: "Answer", zh: "回答" },
  none: { en: "No answer yet", zh: "暂无回答" },
  noneHelp: { en: "Send a prompt, and the answer shows here as it comes, with tokens, times and cost.", zh: "发送提示词后，回答会实时显示在这里，并附带词元、耗时与费用。" },
  thinking: { en: "Thinking", zh: "思考" },
  waiting: { en: "waiting for the first byte", zh: "等待首字节" },
  answering: { en: "answering", zh: "回答中" },
  done: { en: "done", zh: "完成" },
  cut: { en: "cut at the limit of tokens", zh: "达到词元上限" },
  stopped: { en: "stopped", zh: "已停止" },
  failed: { en: "failed", zh: "失败" },
  silent: { en: "It ended without a word.", zh: "结束时没有任何内容。" },
  firstByte: { en: "First byte", zh: "首字节" },
  total: { en: "Total", zh: "总耗时" },
  tokens: { en: "Tokens in + out", zh: "输入 + 输出词元" },
  cost: { en: "Cost", zh: "费用" },
  rule: { en: "Rule", zh: "规则" },
  noRule: { en: "no rule", zh: "无规则" },
  chosen: { en: "chosen here", zh: "在此选择" },
  after: { en: "after {others}", zh: "此前尝试 {others}" },
  commands: { en: "As a command", zh: "生成命令" },
};
const t = say(words);

/** The last event of the stream: `Ended` of `ccr/api/resources/bench.py`. */
interface Ended { told: Told | null; stopped: string; message: string; advice: string }
type Phase = "idle" | "waiting" | "answering" | "done" | "stopped" | "failed";
interface Column { phase: Phase; text: string; thinking: string; ended: Ended | null; message: string; stop: AbortController | null }
const EMPTY: Column = { phase: "idle", text: "", thinking: "", ended: null, message: "", stop: null };

export default function Bench() {
  const targets = useAsked(() => call("GET /targets"), [changes.value]);
  const prompt = useSignal(""), system = useSignal(""), most = useSignal("1024"), temperature = useSignal("");
  const asked = useSignal(""), first = useSignal(place.value.query.get("target") ?? ""), second = useSignal(""), two = useSignal(false);
  const left = useSignal(EMPTY), right = useSignal(EMPTY);
  useEffect(() => () => { left.value.stop?.abort(); right.value.stop?.abort(); }, []);
  const columns = two.value ? [{ target: first, state: left }, { target: second, state: right }] : [{ target: first, state: left }];
  const busy = columns.some(({ state }) => running(state.value));
  const body = (target: string): Prompt => ({
    prompt: prompt.value, target: target.trim(), system: system.value, max_tokens: Number(most.value) || 1024,
    ...(asked.value.trim() ? { model: asked.value.trim() } : {}),
    ...(temperature.value === "" ? {} : { temperature: Number(temperature.value) }),
  });
  const send = (event: Event) => {
    event.preventDefault();
    if (!busy && prompt.value.trim()) for (const { target, state } of columns) void run(state, body(target.value));
  };
  return (
    <div class="page">
      <Head title={text(page.title)}>{t("lead")}</Head>
      <Card>
        <form class="bench-form" onSubmit={send} noValidate>
          <Area label={t("prompt")} rows={4} placeholder={t("promptIn")} value={prompt.value} onInput={(event) => { prompt.value = event.currentTarget.value; }}
            onKeyDown={(event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event); }} />
          <div class="bench-fields">
            <Field label={t(two.value ? "first" : "target")} list="bench-targets" placeholder={t("byRules")} help={<Coded text={t("targetHelp")} />} autocomplete="off" spellcheck={false}
              value={first.value} onInput={(event) => { first.value = event.currentTarget.value; }} />
            {two.value ? <Field label={t("second")} list="bench-targets" placeholder={t("byRules")} help={<Coded text={t("targetHelp")} />} autocomplete="off" spellcheck={false}
              value={second.value} onInput={(event) => { second.value = event.currentTarget.value; }} /> : null}
            {columns.some(({ target }) => !target.value.trim()) ? <Field label={t("asked")} list="bench-asked" help={t("askedHelp")} autocomplete="off" spellcheck={false}
              placeholder={targets.value?.asked[0] ?? ""} value={asked.value} onInput={(event) => { asked.value = event.currentTarget.value; }} /> : null}
          </div>
          <details class="bench-more"><summary>{t("more")}</summary>
            <div class="bench-fields">
              <Area label={t("system")} rows={2} value={system.value} onInput={(event) => { system.value = event.currentTarget.value; }} />
              <Field label={t("most")} type="number" min={1} max={64000} value={most.value} onInput={(event) => { most.value = event.currentTarget.value; }} />
              <Field label={t("temperature")} type="number" min={0} max={2} step={0.1} help={t("temperatureHelp")} value={temperature.value} onInput={(event) => { temperature.value = event.currentTarget.value; }} />
            </div>
          </details>
          <div class="row bench-row">
            <div class="actions">
              {/* Keys: one button that turned from stopping into sending within a click would send. */}
              {busy ? <Button key="stop" look="danger" icon="close" onClick={() => { for (const { state } of columns) state.value.stop?.abort(); }}>{t("stop")}</Button>
                : <Button key="send" look="primary" type="submit" icon="arrow" disabled={!prompt.value.trim()}>{t("send")}</Button>}
              <Button onClick={() => { two.value = !two.value; }} disabled={busy}>{t(two.value ? "alone" : "beside")}</Button>
            </div>
            <a class="quiet" href={href("commands", [], first.value ? { target: first.value } : {})}>{t("commands")}</a>
          </div>
        </form>
        <Choices targets={targets.value} />
      </Card>
      <div class={two.value ? "bench-two" : ""}>
        {columns.map(({ target, state }, at) => <Answer key={at} target={target.value.trim()} column={state.value} />)}
      </div>
    </div>
  );
}

function running(column: Column): boolean {
  return column.phase === "waiting" || column.phase === "answering";
}

async function run(state: Signal<Column>, body: Prompt): Promise<void> {
  const stop = new AbortController();
  state.value = { ...EMPTY, phase: "waiting", stop };
  try {
    await pour("POST /bench", { body, signal: stop.signal }, (event, said) => {
      const { text: piece = "" } = said as { text?: string };
      if (event === "text") state.value = { ...state.value, phase: "answering", text: state.value.text + piece };
      else if (event === "thinking") state.value = { ...state.value, phase: "answering", thinking: state.value.thinking + piece };
      else if (event === "end") state.value = { ...state.value, ended: said as Ended, phase: (said as Ended).message ? "failed" : "done", message: (said as Ended).message };
    });
  } catch (error) {
    if (!stop.signal.aborted) state.value = { ...state.value, phase: "failed", message: asRefusal(error).message };
  }
  if (running(state.value)) state.value = { ...state.value, phase: "stopped" };
}

function Choices({ targets }: { targets: Targets | null }) {
  return (
    <>
      <datalist id="bench-targets">{targets?.targets.map((each) => <option key={each.name} value={each.name} />)}</datalist>
      <datalist id="bench-asked">{[...(targets?.aliases ?? []), ...(targets?.asked ?? [])].map((each) => <option key={each} value={each} />)}</datalist>
    </>
  );
}

const TONES = { idle: "calm", waiting: "accent", answering: "accent", done: "good", stopped: "calm", failed: "bad" } as const;

function Answer({ target, column }: { target: string; column: Column }) {
  const { phase, ended } = column;
  const told = ended?.told ?? null;
  const word = phase === "done" && ended?.stopped === "max_tokens" ? "cut" : phase;
  return (
    <Card title={told?.target || target || t(phase === "idle" ? "answer" : "byRules")} actions={word === "idle" ? null : <State tone={TONES[phase]}>{t(word)}</State>} flush class="bench-answer">
      {phase === "idle" ? <Empty icon="bench" title={t("none")}><p>{t("noneHelp")}</p></Empty> : (
        <div class="bench-said">
          {column.thinking ? <details class="bench-thinking" open={!column.text}><summary>{t("thinking")}</summary><div class="bench-text">{column.thinking}</div></details> : null}
          {column.text ? <div class="bench-text" tabIndex={0} role="region" aria-label={t("answer")}>{column.text}</div>
            : phase === "waiting" ? <p class="quiet">…</p> : phase === "done" && !column.thinking ? <p class="quiet">{t("silent")}</p> : null}
          {column.message ? <div class="finding bad" role="alert"><Icon name="error" />
            <div><p class="said"><Coded text={column.message} /></p>{ended?.advice ? <p class="help"><Coded text={ended.advice} /></p> : null}</div></div> : null}
        </div>
      )}
      {told ? (
        <dl class="bench-figures">
          <div><dt>{t("firstByte")}</dt><dd>{seconds(told.first_byte)}</dd></div>
          <div><dt>{t("total")}</dt><dd>{seconds(told.duration)}</dd></div>
          <div><dt>{t("tokens")}</dt><dd>{short(told.input)} + {short(told.output)}</dd></div>
          <div><dt>{t("cost")}</dt><dd>{money(told.cost)}</dd></div>
          <div><dt>{t("rule")}</dt><dd>{told.rule.startsWith("test bench") ? t("chosen") : told.rule.slice(told.rule.lastIndexOf("/") + 1) || t("noRule")}
            {told.tried.length ? <span class="quiet"> {t("after", { others: told.tried.join(", ") })}</span> : null}</dd></div>
        </dl>
      ) : null}
    </Card>
  );
}

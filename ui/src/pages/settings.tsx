// What is set: limits, log, where ccr listens; who has a key; which Claude Code; copies; export and import; the password.
import { useSignal } from "@preact/signals";
import { asRefusal, useAsked } from "../api/asked";
import { call } from "../api/client";
import { changes } from "../api/live";
import type { Option, Shown } from "../api/types";
import type { Page } from "../page";
import { Button } from "../parts/button";
import { Badge, Card, Empty, Head, Waiting } from "../parts/card";
import { Field, Select, Tabs } from "../parts/field";
import { Coded } from "../parts/finding";
import { tell } from "../parts/toast";
import { go, href, place } from "../router";
import { Backups } from "./settings/backups";
import { Claudes } from "./settings/claude";
import { Password } from "./settings/password";
import { Presets } from "./settings/presets";
import { Transfer } from "./settings/transfer";
import { Keys } from "./settings/keys";
import { say, text } from "../words";

export const page = { path: "settings", title: { en: "Settings", zh: "设置" }, icon: "settings", order: 90 } satisfies Page;

export const words = {
  lead: { en: "Each change is written where it is said, after a copy of the file; comments and variables stay.", zh: "每项修改写入其所在文件，修改前自动备份；注释与变量保持不变。" },
  topics: { en: "Settings", zh: "设置" },
  general: { en: "General", zh: "常规" },
  keys: { en: "Keys", zh: "密钥" },
  claude: { en: "Claude Code", zh: "Claude Code" },
  backups: { en: "Backups", zh: "备份" },
  transfer: { en: "Export and import", zh: "导出与导入" },
  presets: { en: "Presets", zh: "预设" },
  password: { en: "Password", zh: "密码" },
  limits: { en: "Time limits", zh: "时间限制" },
  timeout: { en: "Longest wait", zh: "最长等待" },
  timeoutHelp: { en: "For the first byte, and between two. A stream that flows is never cut. `30s`, `10m`, `1h`.", zh: "首字节及两次数据之间的等待上限，正在传输的流不会被中断。如 `30s`、`10m`、`1h`。" },
  logging: { en: "Log", zh: "日志" },
  log: { en: "What is written down of requests", zh: "记录请求的内容" },
  logHelp: { en: "Rules can say otherwise of some requests: `set log = off`.", zh: "规则可对部分请求另行设置：`set log = off`。" },
  off: { en: "Nothing", zh: "不记录" },
  meta: { en: "Everything but texts", zh: "除正文外的全部信息" },
  full: { en: "Also what was sent", zh: "包括发送的正文" },
  log_level: { en: "Log file", zh: "日志文件" },
  log_levelHelp: { en: "In `logs/` of the ccr home: JSON, a line for each request.", zh: "位于 ccr 主目录的 `logs/`，JSON 格式，每个请求一行。" },
  none: { en: "No log file", zh: "不写日志文件" },
  from: { en: "From {level} on", zh: "{level} 及以上" },
  retention: { en: "Single requests are kept for", zh: "单个请求保留时间" },
  retentionHelp: { en: "Their sums stay. `30d`, `90d`; `0d` is for ever.", zh: "汇总数据会保留。如 `30d`、`90d`；`0d` 表示永久。" },
  listening: { en: "Where it listens", zh: "监听地址" },
  host: { en: "Address", zh: "地址" },
  hostHelp: { en: "Without any key ccr listens on this machine alone, whatever stands here.", zh: "未设置密钥时，无论此处如何填写，ccr 仅监听本机。" },
  port: { en: "Port", zh: "端口" },
  portHelp: { en: "The web UI is on the same port.", zh: "Web 界面使用相同端口。" },
  zone: { en: "Time zone", zh: "时区" },
  zoneHelp: { en: "What `time` and `weekday` mean, and where days begin. Empty: the machine's.", zh: "决定 `time` 与 `weekday` 的含义及每日起点。留空则使用本机时区。" },
  restarts: { en: "after a restart", zh: "重启后生效" },
  fixed: { en: "a policy says it", zh: "由策略指定" },
  said: { en: "in {place}", zh: "位于 {place}" },
  save: { en: "Save", zh: "保存" },
  saved: { en: "Saved and in force", zh: "已保存并生效" },
  savedNot: { en: "Saved, but the rules do not load", zh: "已保存，但规则无法加载" },
  waits: { en: "Saved. In force after `ccr restart`: {options}", zh: "已保存，执行 `ccr restart` 后生效：{options}" },
  overruled: { en: "Saved, but something else has more say (a flag, a variable, another file): {options}", zh: "已保存，但被其他来源（启动参数、变量或其他文件）覆盖：{options}" },
  files: { en: "Files", zh: "文件" },
  home: { en: "ccr home", zh: "ccr 主目录" },
  rules: { en: "Rules", zh: "规则" },
  policies: { en: "Policies", zh: "策略" },
  failed: { en: "The settings could not be read", zh: "无法读取设置" },
  again: { en: "Try again", zh: "重试" },
};
const t = say(words);

const TOPICS = { general: General, keys: Keys, claude: Claudes, backups: Backups, transfer: Transfer, presets: Presets, password: Password } as const;
type Topic = keyof typeof TOPICS;

export default function Settings() {
  const asked = place.value.rest[0] ?? "general";
  const chosen: Topic = asked in TOPICS ? asked as Topic : "general";
  const Shown = TOPICS[chosen];
  return (
    <div class="page">
      <Head title={text(page.title)}>{t("lead")}</Head>
      <Tabs label={t("topics")} chosen={chosen} onChoose={(id) => { go(href("settings", [id]), "replace"); }}
        tabs={(Object.keys(TOPICS) as Topic[]).map((id) => ({ id, name: t(id) }))}>
        <Shown key={chosen} />
      </Tabs>
    </div>
  );
}

// ---- general ----------------------------------------------------------------------------------------------------------

const CARDS = { limits: ["timeout"], listening: ["host", "port", "zone"], logging: ["log", "log_level", "retention"] } as const;

function General() {
  const asked = useAsked(() => call("GET /settings"), [changes.value]);
  if (asked.refused && !asked.value) return <Empty icon="error" title={t("failed")}><p>{asked.refused.message}</p><Button onClick={asked.again}>{t("again")}</Button></Empty>;
  if (!asked.value) return <Waiting lines={8} />;
  const shown = asked.value;
  return (
    <div class="settings-cards">
      {Object.entries(CARDS).map(([title, names]) => (
        <Group key={title} title={t(title as keyof typeof CARDS)} again={asked.again}
          options={names.map((name) => shown.options.find((each) => each.name === name)).filter((each) => each !== undefined)} />
      ))}
      <Files shown={shown} />
    </div>
  );
}

/** Options that are saved together. What a person wrote stays when what is in force changes under it. */
function Group({ title, options, again }: { title: string; options: readonly Option[]; again: () => void }) {
  const typed = useSignal<Readonly<Record<string, string>>>({}), busy = useSignal(false), wrong = useSignal("");
  const differing = Object.fromEntries(Object.entries(typed.value).filter(([name, value]) => options.find((each) => each.name === name)?.value !== value));
  const changed = Object.keys(differing).length > 0;
  const save = async (event: Event) => {
    event.preventDefault();
    busy.value = true;
    wrong.value = "";
    try {
      const { written, restart, overruled } = await call("PUT /settings", { body: { values: differing } });
      if (overruled.length) tell(t("overruled", { options: overruled.join(", ") }), "warn");
      else if (restart.length) tell(t("waits", { options: restart.join(", ") }).replaceAll("`", ""), "warn");
      else tell(t(written.live ? "saved" : "savedNot"), written.live ? "good" : "bad");
      typed.value = {};
      again();
    } catch (error) {
      const refusal = asRefusal(error);
      wrong.value = refusal.message;
      if (refusal.kind === "conflict") again();
    }
    busy.value = false;
  };
  return (
    <Card title={title}>
      <form class="settings-form" onSubmit={(event) => void save(event)} noValidate>
        {options.map((each) => <One key={each.name} option={each} value={typed.value[each.name] ?? each.value}
          onInput={(value) => { typed.value = { ...typed.value, [each.name]: value }; }} />)}
        {wrong.value ? <p class="settings-wrong" role="alert"><Coded text={wrong.value} /></p> : null}
        <div class="actions"><Button look="primary" type="submit" busy={busy.value} disabled={!changed}>{t("save")}</Button></div>
      </form>
    </Card>
  );
}

function One({ option, value, onInput }: { option: Option; value: string; onInput: (value: string) => void }) {
  const name = option.name as "log" | "timeout";
  const help = `${option.name}Help` as "logHelp";
  const told = (
    <>{help in words ? <Coded text={t(help)} /> : null}
      <span class="settings-place">{option.place ? <span>{t("said", { place: option.place })}</span> : null}
        {option.restart ? <Badge>{t("restarts")}</Badge> : null}{option.fixed ? <Badge tone="warn">{t("fixed")}</Badge> : null}</span></>
  );
  const given = { label: t(name), help: told, value, disabled: option.fixed };
  if (option.kind === "choice") {
    const levels = option.name === "log_level";
    const choices = option.choices.map((each): [string, string] => [each, levels ? t("from", { level: each }) : t(each as "off")]);
    return <Select {...given} options={levels ? [["", t("none")], ...choices] : choices} onChange={(event) => { onInput(event.currentTarget.value); }} />;
  }
  return <Field {...given} inputMode={option.kind === "number" ? "numeric" : "text"} autocomplete="off" spellcheck={false} onInput={(event) => { onInput(event.currentTarget.value.trim()); }} />;
}

function Files({ shown }: { shown: Shown }) {
  const { home, config, rules, policies } = shown.places;
  const rows: [string, string][] = [[t("home"), home], [t("rules"), rules], ["config.json", config], ...(policies.length ? [[t("policies"), policies.join(", ")] as [string, string]] : [])];
  return (
    <Card title={t("files")}>
      <dl class="settings-files">{rows.map(([name, path]) => <div key={name}><dt>{name}</dt><dd class="code">{path}</dd></div>)}</dl>
    </Card>
  );
}

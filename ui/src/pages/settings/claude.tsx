// The Claude Codes of this machine, and which of them `ccr code` starts.
import { useSignal } from "@preact/signals";
import { asRefusal, useAsked } from "../../api/asked";
import { call } from "../../api/client";
import type { Executables, Found } from "../../api/types";
import { Button } from "../../parts/button";
import { Badge, Card, Empty, Table, Waiting } from "../../parts/card";
import { Code } from "../../parts/code";
import { Coded } from "../../parts/finding";
import { tell } from "../../parts/toast";
import { say } from "../../words";

export const words = {
  title: { en: "Claude Code on this machine", zh: "本机的 Claude Code" },
  version: { en: "Version", zh: "版本" },
  path: { en: "Path", zh: "路径" },
  found: { en: "Found", zh: "来源" },
  action: { en: "Action", zh: "操作" },
  started: { en: "started by ccr code", zh: "由 ccr code 启动" },
  use: { en: "Use this one", zh: "使用此版本" },
  auto: { en: "Take the first that is found", zh: "自动选择" },
  chosen: { en: "`ccr code` starts {path} from now on", zh: "今后 `ccr code` 将启动 {path}" },
  forgotten: { en: "The choice is forgotten", zh: "已清除选择" },
  named: { en: "The variable `CLAUDE_PATH` is set and has more say than a choice here.", zh: "已设置变量 `CLAUDE_PATH`，优先于此处的选择。" },
  none: { en: "No Claude Code was found", zh: "未找到 Claude Code" },
  noneHelp: { en: "Not on PATH, not where its installer puts it, nor where npm, yarn, pnpm, bun, Volta and nvm put theirs. To install it:", zh: "PATH、安装程序目录以及 npm、yarn、pnpm、bun、Volta、nvm 目录中均未找到。安装方法：" },
  other: { en: "Another path is named at the machine: `ccr claude use PATH`.", zh: "其他路径请在本机指定：`ccr claude use PATH`。" },
  failed: { en: "They could not be looked for", zh: "查找失败" },
  again: { en: "Try again", zh: "重试" },
};
const t = say(words);

export function Claudes() {
  const asked = useAsked(() => call("GET /claude"));
  const fresh = useSignal<Executables | null>(null), busy = useSignal("");
  const known = fresh.value ?? asked.value;
  const choose = async (path: string, shown: string) => {
    busy.value = path || "auto";
    try {
      fresh.value = await call("PUT /claude", { body: { path } });
      tell(t(path ? "chosen" : "forgotten", { path: shown }).replaceAll("`", ""));
    } catch (error) {
      tell(asRefusal(error).message, "bad");
    }
    busy.value = "";
  };
  if (asked.refused && !known) return <Empty icon="error" title={t("failed")}><p>{asked.refused.message}</p><Button onClick={asked.again}>{t("again")}</Button></Empty>;
  if (!known) return <Waiting lines={4} />;
  const chosen = known.executables.some((each) => each.chosen);
  return (
    <Card title={t("title")} flush actions={chosen ? <Button class="small" busy={busy.value === "auto"} onClick={() => void choose("", "")}>{t("auto")}</Button> : null}>
      {known.executables.length ? (
        <Table caption={t("title")} rows={known.executables} id={(each) => each.path} columns={[
          { name: t("path"), class: "wide", show: (each) => <span class="code settings-path">{each.shown}</span> },
          { name: t("version"), show: (each) => each.problem ? <Badge tone="bad">{each.problem}</Badge> : <strong>{each.version}</strong> },
          { name: t("found"), show: (each) => <span class="quiet"><Coded text={each.source} /></span> },
          { name: t("action"), show: (each) => <Action found={each} busy={busy.value === each.path} onChoose={() => void choose(each.path, each.shown)} /> },
        ]} />
      ) : <Empty icon="commands" title={t("none")}><p>{t("noneHelp")}</p><Code text="npm install -g @anthropic-ai/claude-code" /></Empty>}
      <p class="settings-note quiet below"><Coded text={known.named ? t("named") : t("other")} /></p>
    </Card>
  );
}

function Action({ found, busy, onChoose }: { found: Found; busy: boolean; onChoose: () => void }) {
  if (found.started) return <Badge tone="good">{t("started")}</Badge>;
  return found.problem ? null : <Button class="small" busy={busy} aria-label={`${t("use")}: ${found.shown}`} onClick={onChoose}>{t("use")}</Button>;
}

// Presets: a file with providers and routes, looked at, asked for what it asks for, and merged into config.json.
import { useSignal } from "@preact/signals";
import { asRefusal, useAsked } from "../../api/asked";
import { call } from "../../api/client";
import { changes } from "../../api/live";
import type { Archive, Opened, Preset } from "../../api/types";
import { Button } from "../../parts/button";
import { Badge, Card, Empty, Table, Waiting } from "../../parts/card";
import { Confirm, Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { FindingView } from "../../parts/finding";
import { tell } from "../../parts/toast";
import { say } from "../../words";
import { Lines } from "./changed";

export const words = {
  title: { en: "Presets", zh: "预设" },
  name: { en: "Name", zh: "名称" },
  version: { en: "Version", zh: "版本" },
  action: { en: "Action", zh: "操作" },
  install: { en: "Install a file", zh: "安装文件" },
  none: { en: "No presets yet", zh: "暂无预设" },
  noneHelp: { en: "A preset is a .zip or .tar.gz with providers and routes. It is shown before it is merged into config.json; what you have stays yours.", zh: "预设是包含提供商与路由的 .zip 或 .tar.gz 文件。合并到 config.json 之前会先显示内容，您已有的配置保持不变。" },
  remove: { en: "Remove", zh: "移除" },
  removeTitle: { en: "Take {name} away?", zh: "移除 {name}？" },
  removeText: { en: "What it put into config.json stays there.", zh: "它写入 config.json 的内容会保留。" },
  added: { en: "new", zh: "新增" },
  kept: { en: "kept as yours", zh: "保留您的" },
  left_out: { en: "left out: a preset may not say it", zh: "已忽略：预设不可设置" },
  changes: { en: "What changes in config.json", zh: "config.json 的变化" },
  nothing: { en: "Nothing changes in config.json.", zh: "config.json 没有变化。" },
  take: { en: "Install it", zh: "安装" },
  taken: { en: "{name} is installed and in force", zh: "{name} 已安装并生效" },
  cancel: { en: "Cancel", zh: "取消" },
  failed: { en: "The presets could not be read", zh: "无法读取预设" },
  again: { en: "Try again", zh: "重试" },
};
const t = say(words);

export function Presets() {
  const asked = useAsked(() => call("GET /presets"), [changes.value]);
  const open = useSignal<{ archive: Archive; seen: Opened } | null>(null), going = useSignal<Preset | null>(null);
  const look = async (file: File) => {
    try {
      const archive = { data: await base64(file), file: file.name };
      open.value = { archive, seen: await call("POST /presets/preview", { body: archive }) };
    } catch (error) {
      tell(asRefusal(error).message, "bad");
    }
  };
  const remove = async (name: string) => {
    await call("DELETE /presets/{name}", { path: { name } }).catch((error: unknown) => { tell(asRefusal(error).message, "bad"); });
    asked.again();
  };
  const known = asked.value?.presets;
  if (asked.refused && !known) return <Empty icon="error" title={t("failed")}><p>{asked.refused.message}</p><Button onClick={asked.again}>{t("again")}</Button></Empty>;
  if (!known) return <Waiting lines={4} />;
  return (
    <Card title={t("title")} flush actions={
      <label class="button plain small settings-pick">{t("install")}
        <input type="file" class="unseen" accept=".zip,.gz,.tgz" onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) void look(file);
        }} /></label>}>
      {known.length ? <Table caption={t("title")} rows={known} id={(each) => each.name} columns={[
        { name: t("name"), class: "wide", show: (each) => <div><strong>{each.name}</strong><p class="quiet">{each.description}</p></div> },
        { name: t("version"), show: (each) => each.version },
        { name: t("action"), show: (each) => <Button class="small" icon="trash" aria-label={`${t("remove")}: ${each.name}`} onClick={() => { going.value = each; }}>{t("remove")}</Button> },
      ]} /> : <Empty icon="note" title={t("none")}><p>{t("noneHelp")}</p></Empty>}
      {open.value ? <Look {...open.value} onClose={() => { open.value = null; }} onDone={() => { open.value = null; asked.again(); }} /> : null}
      {going.value ? <Confirm title={t("removeTitle", { name: going.value.name })} action={t("remove")} onClose={() => { going.value = null; }}
        onConfirm={() => { if (going.value) void remove(going.value.name); }}><p>{t("removeText")}</p></Confirm> : null}
    </Card>
  );
}

async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return btoa(Array.from(bytes, (each) => String.fromCharCode(each)).join(""));
}

function Look({ archive, seen, onClose, onDone }: { archive: Archive; seen: Opened; onClose: () => void; onDone: () => void }) {
  const values = useSignal<Readonly<Record<string, string>>>({}), busy = useSignal(false), wrong = useSignal("");
  const findings = seen.findings.findings;
  const take = async (event: Event) => {
    event.preventDefault();
    busy.value = true;
    wrong.value = "";
    try {
      await call("POST /presets", { body: { ...archive, values: values.value } });
      tell(t("taken", { name: seen.preset.name }));
      onDone();
    } catch (error) {
      wrong.value = asRefusal(error).message;
    }
    busy.value = false;
  };
  const fates = ([["added", "good"], ["kept", "calm"], ["left_out", "warn"]] as const).filter(([fate]) => seen[fate].length);
  return (
    <Dialog wide title={[seen.preset.name, seen.preset.version].filter(Boolean).join(" ")} onClose={onClose}>
      <form onSubmit={(event) => void take(event)} noValidate>
        {seen.preset.description ? <p class="quiet">{seen.preset.description}</p> : null}
        <ul class="settings-fates">{fates.map(([fate, tone]) => <li key={fate}><Badge tone={tone}>{t(fate)}</Badge> {seen[fate].join(", ")}</li>)}</ul>
        {seen.lines.length ? <Lines lines={seen.lines} label={t("changes")} /> : <p>{t("nothing")}</p>}
        {findings.map((each, at) => <FindingView key={at} finding={each} />)}
        {seen.asks.map((each) => <Field key={each.id} label={each.label} type={each.secret ? "password" : "text"} autocomplete="off" placeholder={each.default}
          value={values.value[each.id] ?? ""} onInput={(event) => { values.value = { ...values.value, [each.id]: event.currentTarget.value }; }} />)}
        {wrong.value ? <p class="settings-wrong" role="alert">{wrong.value}</p> : null}
        <div class="actions"><Button onClick={onClose}>{t("cancel")}</Button>
          <Button look="primary" type="submit" busy={busy.value} disabled={findings.length > 0}>{t("take")}</Button></div>
      </form>
    </Dialog>
  );
}

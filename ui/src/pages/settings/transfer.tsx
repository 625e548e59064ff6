// config.json, or a part of it, as a file for another machine, without keys; and one from elsewhere, looked at before it is merged.
import { useSignal } from "@preact/signals";
import { asRefusal } from "../../api/asked";
import { call } from "../../api/client";
import type { Finding, Preview } from "../../api/types";
import { Button } from "../../parts/button";
import { Badge, Card } from "../../parts/card";
import { Area, Check, Select } from "../../parts/field";
import { Coded, FindingView } from "../../parts/finding";
import { tell } from "../../parts/toast";
import { say } from "../../words";
import { Lines } from "./changed";

export const words = {
  export: { en: "Export", zh: "导出" },
  exportLead: { en: "What config.json says, as a file. Keys are not in it: a variable stands for each.", zh: "将 config.json 的内容导出为文件。不包含密钥，每个密钥以变量代替。" },
  part: { en: "What", zh: "范围" },
  all: { en: "All of it", zh: "全部" },
  providers: { en: "Providers", zh: "提供商" },
  settings: { en: "Settings and routes", zh: "设置与路由" },
  save: { en: "Save as a file", zh: "保存为文件" },
  exported: { en: "Saved. Stands for a key: {names}", zh: "已保存。代替密钥的变量：{names}" },
  exportedPlain: { en: "Saved", zh: "已保存" },
  absent: { en: "There is no config.json here: your settings stand in rule files, which are yours to copy.", zh: "此处没有 config.json：您的设置位于规则文件中，可直接复制。" },
  import: { en: "Import", zh: "导入" },
  importLead: { en: "An export, or somebody's config.json, merged into yours. You see what changes first, and a copy is kept.", zh: "将导出文件或他人的 config.json 合并到您的配置中。先预览变化，并保留备份。" },
  choose: { en: "Choose a file", zh: "选择文件" },
  text: { en: "Or paste its text", zh: "或粘贴内容" },
  replace: { en: "Where both have something, take the file's", zh: "冲突时采用文件中的内容" },
  replaceHelp: { en: "Your keys stay yours.", zh: "您的密钥保持不变。" },
  look: { en: "What would change", zh: "预览变化" },
  added: { en: "new", zh: "新增" },
  replaced: { en: "replaced", zh: "替换" },
  kept: { en: "kept as yours", zh: "保留您的" },
  changes: { en: "What changes in config.json", zh: "config.json 的变化" },
  nothing: { en: "Nothing changes: what the file says is there already.", zh: "没有变化：文件中的内容已存在。" },
  broken: { en: "With this it would not load, so it is not taken.", zh: "导入后将无法加载，因此不会采用。" },
  take: { en: "Merge it", zh: "合并" },
  taken: { en: "Merged and in force", zh: "已合并并生效" },
};
const t = say(words);
type Part = "all" | "providers" | "settings";

export function Transfer() {
  return <div class="settings-cards"><Export /><Import /></div>;
}

function Export() {
  const part = useSignal<Part>("all"), busy = useSignal(false);
  const save = async () => {
    busy.value = true;
    try {
      const made = await call("GET /export", { query: { part: part.value } });
      if (!made.there) {
        tell(t("absent"), "warn");
      } else {
        download(`ccr-${part.value}.json`, `${JSON.stringify(made.tree, null, 2)}\n`);
        const names = Object.keys(made.variables);
        tell(names.length ? t("exported", { names: names.join(", ") }) : t("exportedPlain"), "good");
      }
    } catch (error) {
      tell(asRefusal(error).message, "bad");
    }
    busy.value = false;
  };
  return (
    <Card title={t("export")}>
      <div class="settings-form">
        <p class="quiet">{t("exportLead")}</p>
        <Select label={t("part")} value={part.value} options={(["all", "providers", "settings"] as const).map((each) => [each, t(each)])} onChange={(event) => { part.value = event.currentTarget.value as Part; }} />
        <div class="actions"><Button look="primary" busy={busy.value} onClick={() => void save()}>{t("save")}</Button></div>
      </div>
    </Card>
  );
}

function download(name: string, text: string): void {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

function Import() {
  const given = useSignal(""), name = useSignal(""), replace = useSignal(false), busy = useSignal(false), wrong = useSignal("");
  const preview = useSignal<Preview | null>(null), findings = useSignal<readonly Finding[]>([]);
  const body = () => ({ text: given.value, replace: replace.value, ...(name.value ? { name: name.value } : {}) });
  const work = async (task: () => Promise<void>) => {
    busy.value = true;
    wrong.value = "";
    findings.value = [];
    try {
      await task();
    } catch (error) {
      const refusal = asRefusal(error);
      wrong.value = refusal.message;
      findings.value = refusal.more.findings?.findings ?? [];
      if (refusal.kind === "conflict") preview.value = null;
    }
    busy.value = false;
  };
  const forget = () => { preview.value = null; wrong.value = ""; findings.value = []; };
  const look = (event: Event) => {
    event.preventDefault();
    void work(async () => { preview.value = await call("POST /import/preview", { body: body() }); });
  };
  const take = () => void work(async () => {
    await call("POST /import", { body: body() });
    tell(t("taken"));
    given.value = name.value = "";
    preview.value = null;
  });
  return (
    <Card title={t("import")}>
      <form class="settings-form" onSubmit={look} noValidate>
        <p class="quiet">{t("importLead")}</p>
        <label class="button plain settings-pick">{t("choose")}
          <input type="file" class="unseen" accept=".json,.json5,.jsonc,application/json" onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) void file.text().then((text) => { given.value = text; name.value = file.name; forget(); });
          }} /></label>
        <Area label={t("text")} rows={5} spellcheck={false} class="input code" value={given.value} onInput={(event) => { given.value = event.currentTarget.value; name.value = ""; forget(); }} />
        <Check label={t("replace")} help={t("replaceHelp")} checked={replace.value} onChange={(checked) => { replace.value = checked; forget(); }} />
        <div class="actions"><Button type="submit" look={preview.value ? "plain" : "primary"} busy={busy.value && !preview.value} disabled={!given.value.trim()}>{t("look")}</Button></div>
      </form>
      {wrong.value ? <p class="settings-wrong" role="alert"><Coded text={wrong.value} /></p> : null}
      {findings.value.map((each, at) => <FindingView key={at} finding={each} />)}
      {preview.value ? <Seen seen={preview.value} busy={busy.value} onTake={take} /> : null}
    </Card>
  );
}

function Seen({ seen, busy, onTake }: { seen: Preview; busy: boolean; onTake: () => void }) {
  const broken = seen.findings.findings;
  const fates = ([["added", "good"], ["replaced", "warn"], ["kept", "calm"]] as const).filter(([fate]) => seen[fate].length);
  return (
    <div class="settings-form settings-seen" aria-live="polite">
      <ul class="settings-fates">{fates.map(([fate, tone]) => <li key={fate}><Badge tone={tone}>{t(fate)}</Badge> {seen[fate].join(", ")}</li>)}</ul>
      {seen.lines.length ? <Lines lines={seen.lines} label={t("changes")} /> : <p>{t("nothing")}</p>}
      {broken.length ? <p class="settings-wrong" role="alert">{t("broken")}</p> : null}
      {broken.map((each, at) => <FindingView key={at} finding={each} />)}
      {seen.lines.length && !broken.length ? <div class="actions"><Button look="primary" busy={busy} onClick={onTake}>{t("take")}</Button></div> : null}
    </div>
  );
}

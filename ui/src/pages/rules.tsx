// The rule files: written with help, tried on a request, saved after a look at what changes.
import { useEffect, useState } from "preact/hooks";
import { asRefusal, useAsked } from "../api/asked";
import { call } from "../api/client";
import { changes } from "../api/live";
import type { Finding, Findings, Listed } from "../api/types";
import { edited } from "../mend";
import type { Page } from "../page";
import { Button } from "../parts/button";
import { Badge, Card, Empty, Head, State, Waiting } from "../parts/card";
import { Confirm, Dialog } from "../parts/dialog";
import { Editor } from "../parts/editor";
import { Field } from "../parts/field";
import { FindingView, Printed } from "../parts/finding";
import { Icon } from "../parts/icon";
import { tell } from "../parts/toast";
import { go, href, place } from "../router";
import { Attempt } from "../rules/attempt";
import { drafts, drop, isDirty, plain, points, put, take, units, write } from "../rules/drafts";
import { ConflictDialog, SaveDialog, type Clash } from "../rules/saving";
import { say, text } from "../words";

export const page = { path: "rules", title: { en: "Rules", zh: "规则" }, icon: "rules", order: 20 } satisfies Page;

export const words = {
  lead: { en: "What you write is checked as you type, tried beside it, and goes live when you save it.", zh: "边写边检查，可在旁边试用，保存后立即生效。" },
  files: { en: "Files", zh: "文件" },
  create: { en: "New file", zh: "新建文件" },
  user: { en: "yours", zh: "您的" },
  policy: { en: "policy", zh: "策略" },
  config: { en: "as rules", zh: "规则视图" },
  shipped: { en: "shipped", zh: "内置" },
  unsaved: { en: "not saved", zh: "未保存" },
  isNew: { en: "new", zh: "新文件" },
  save: { en: "Save…", zh: "保存…" },
  format: { en: "Format", zh: "格式化" },
  formatted: { en: "It is in the one style already", zh: "格式已符合统一风格" },
  remove: { en: "Remove", zh: "删除" },
  removeTitle: { en: "Remove {name}?", zh: "删除 {name}？" },
  removeHelp: { en: "A copy stays in the backups of the ccr home. Its rules end at once.", zh: "备份会保留在 ccr 主目录中。其中的规则立即失效。" },
  removed: { en: "Removed", zh: "已删除" },
  discard: { en: "Discard", zh: "放弃修改" },
  discardTitle: { en: "Discard what you wrote?", zh: "放弃您的修改？" },
  discardHelp: { en: "{name} is shown as it stands on the disk.", zh: "{name} 将显示为磁盘上的内容。" },
  readOnly: { en: "read only", zh: "只读" },
  configHelp: { en: "config.json, as the rules that it means. Written as rules, they can be changed here; the providers and keys stay where they are.", zh: "此为 config.json 对应的规则。写成规则文件后即可在此修改；提供商与密钥保持不变。" },
  asRules: { en: "Write as rules", zh: "写成规则文件" },
  noRoutes: { en: "config.json says no routes: there is nothing to write", zh: "config.json 中没有路由，无需写入" },
  shippedHelp: { en: "What ccr brings along, below everything that you write.", zh: "ccr 自带的规则，优先级低于您写的任何规则。" },
  policyHelp: { en: "The policy of this machine, above everything that you write.", zh: "本机策略，优先级高于您写的任何规则。" },
  clean: { en: "Nothing to say against it", zh: "没有问题" },
  findings: { en: "Findings", zh: "检查结果" },
  elsewhere: { en: "in {file}", zh: "位于 {file}" },
  empty: { en: "No rule file yet", zh: "暂无规则文件" },
  emptyHelp: { en: "A rule file says which model answers what. Begin with one line: a default for everything.", zh: "规则文件决定由哪个模型回答什么。先写一行默认规则即可。" },
  name: { en: "Name", zh: "名称" },
  nameHelp: { en: "Files are read in the order of their names; what stands first wins.", zh: "文件按名称顺序读取，在前者优先。" },
  nameTaken: { en: "There is a file of this name already", zh: "已存在同名文件" },
  nameWrong: { en: "Letters, digits, _ - . and blanks, ending in .ccr", zh: "字母、数字、_ - . 与空格，并以 .ccr 结尾" },
  begin: { en: "Begin", zh: "开始编写" },
  cancel: { en: "Cancel", zh: "取消" },
  disk: { en: "This file was changed on the disk while you were writing.", zh: "您编辑期间，此文件在磁盘上被修改。" },
  look: { en: "Look at both", zh: "查看两者" },
  editor: { en: "Rules in {name}", zh: "{name} 中的规则" },
  missing: { en: "There is no file {name}", zh: "没有文件 {name}" },
};
const t = say(words);
const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_ .-]{0,80}\.ccr$/u;
const BEGIN = "# What stands first wins. `ccr check` reads it over; so does this page while you type.\n";

interface Chosen { name: string; layer: string }

function address({ name, layer }: Chosen): string {
  return href("rules", [name], layer === "user" ? {} : { layer });
}

export default function Rules() {
  const { value, refused, again } = useAsked(() => call("GET /rules"), [changes.value]);
  const [creating, setCreating] = useState(false);
  const fresh = Object.keys(drafts.value).filter((name) => drafts.value[name]?.seen === "" && !value?.files.some((each) => each.layer === "user" && each.name === name));
  const actions = <Button icon="plus" onClick={() => { setCreating(true); }}>{t("create")}</Button>;
  const begin = (name: string, content: string) => { put(name, { seen: "", base: "", text: content }); setCreating(false); go(address({ name, layer: "user" })); };
  const files = value?.files ?? [];
  const chosen = chosenOf(files, fresh);
  return (
    <div class="page rules">
      <Head title={text(page.title)} actions={actions}>{t("lead")}</Head>
      {refused ? <Card><State tone="bad">{refused.message}</State></Card> : null}
      {value ? <FileList files={files} fresh={fresh} chosen={chosen} /> : <Waiting lines={2} />}
      {value && !files.some((each) => each.layer === "user") && !fresh.length && chosen?.layer !== "user" ? (
        <Card><Empty icon="rules" title={t("empty")}><p>{t("emptyHelp")}</p><Button look="primary" icon="plus" onClick={() => { setCreating(true); }}>{t("create")}</Button></Empty></Card>
      ) : null}
      {chosen ? <Room key={`${chosen.layer} ${chosen.name}`} chosen={chosen} files={files} onSaved={again} onBegin={begin} /> : null}
      {creating ? <NewFile taken={[...files.filter((each) => each.layer === "user").map((each) => each.name), ...fresh]} onClose={() => { setCreating(false); }} onBegin={(name) => { begin(name, BEGIN); }} /> : null}
    </div>
  );
}

/** What the address names, else the first file of the person's own, else whatever there is. */
function chosenOf(files: readonly Listed[], fresh: readonly string[]): Chosen | null {
  const [name] = place.value.rest, layer = place.value.query.get("layer") ?? "user";
  if (name) return { name, layer };
  const own = files.find((each) => each.writable) ?? (fresh[0] ? { name: fresh[0], layer: "user" } : files[0]);
  return own ? { name: own.name, layer: own.layer } : null;
}

function FileList({ files, fresh, chosen }: { files: readonly Listed[]; fresh: readonly string[]; chosen: Chosen | null }) {
  const rows: (Chosen & { isNew: boolean })[] = [
    ...files.map(({ name, layer }) => ({ name, layer, isNew: false })),
    ...fresh.map((name) => ({ name, layer: "user", isNew: true })),
  ];
  return (
    <nav class="rules-files" aria-label={t("files")}>
      {rows.map((each) => {
        const here = each.name === chosen?.name && each.layer === chosen.layer;
        const dirty = each.layer === "user" && isDirty(drafts.value[each.name]);
        return (
          <a key={`${each.layer} ${each.name}`} href={address(each)} {...(here ? { "aria-current": "page" } : {})}>
            <span class="code">{each.name}</span>
            {dirty ? <Badge tone="warn">{t(each.isNew ? "isNew" : "unsaved")}</Badge> : each.layer === "user" ? null : <Badge>{t(each.layer as "policy")}</Badge>}
          </a>
        );
      })}
    </nav>
  );
}

interface RoomProps { chosen: Chosen; files: readonly Listed[]; onSaved: () => void; onBegin: (name: string, content: string) => void }

function Room({ chosen, files, onSaved, onBegin }: RoomProps) {
  const logged = place.value.query.get("try") ?? "";
  const draft = drafts.value[chosen.name];
  const trial = chosen.layer === "user" && isDirty(draft) && draft ? { name: chosen.name, text: draft.text } : null;
  return (
    <div class="rules-room">
      {chosen.layer === "user" ? <Own name={chosen.name} files={files} onSaved={onSaved} /> : <Others chosen={chosen} onBegin={onBegin} />}
      <Attempt edited={trial} logged={logged} />
    </div>
  );
}

// ---- a file of one's own ----------------------------------------------------------------------------------------------

type Asking = "save" | "remove" | "discard" | null;

function Own({ name, files, onSaved }: { name: string; files: readonly Listed[]; onSaved: () => void }) {
  const listed = files.find((each) => each.layer === "user" && each.name === name), isNew = drafts.value[name]?.seen === "" && !listed;
  const read = useAsked(async () => (isNew ? null : call("GET /rules/file", { query: { name } })), [listed?.version, changes.value]);
  const [clash, setClash] = useState<Clash | null>(null), [stale, setStale] = useState(false), [asking, setAsking] = useState<Asking>(null);
  const [found, setFound] = useState<Findings | null>(null);
  useEffect(() => { if (read.value) setStale(take(read.value)); }, [read.value]);
  const draft = drafts.value[name];
  if (!draft) return <Card>{read.refused ? <Empty icon="rules" title={t("missing", { name })}>{read.refused.message}</Empty> : <Waiting lines={8} />}</Card>;
  const dirty = isDirty(draft);
  const check = async (content: string): Promise<readonly Finding[]> => {
    const said = await call("POST /rules/check", { body: { name, text: content } });
    setFound(said);
    return said.findings.filter((each) => own(each.file, name));
  };
  const format = async () => {
    try {
      const said = await call("POST /rules/format", { body: { name, text: draft.text } });
      if (said.text === null) tell(said.why, "warn");
      else if (said.text === draft.text) tell(t("formatted"), "calm");
      else write(name, said.text);
    } catch (error) { tell(asRefusal(error).message, "bad"); }
  };
  const remove = async () => {
    try {
      await call("DELETE /rules/file", { body: { name, seen: draft.seen } });
      drop(name);
      tell(t("removed"));
      onSaved();
      go(href("rules"));
    } catch (error) { tell(asRefusal(error).message, "bad"); read.again(); }
  };
  const discard = () => { drop(name); if (isNew) { go(href("rules")); } else read.again(); };
  const save = () => { if (dirty) setAsking("save"); };
  return (
    <div class="rules-own">
      <Card flush class="rules-card" title={<Title name={name} dirty={dirty} />} actions={
        <div class="rules-actions">
          <Button look="quiet" class="small" onClick={() => void format()}>{t("format")}</Button>
          {dirty ? <Button look="quiet" class="small" onClick={() => { setAsking("discard"); }}>{t("discard")}</Button> : <Button look="quiet" class="small" onClick={() => { setAsking("remove"); }}>{t("remove")}</Button>}
          <Button look="primary" class="small" disabled={!dirty} onClick={save}>{t("save")}</Button>
        </div>}>
        {stale && dirty && read.value ? (
          <div class="rules-stale" role="alert"><Icon name="warning" /><span>{t("disk")}</span>
            <Button class="small" onClick={() => { if (read.value) setClash({ version: read.value.version, text: read.value.text }); }}>{t("look")}</Button></div>
        ) : null}
        <Editor label={t("editor", { name })} value={draft.text} onChange={(content) => { write(name, content); }} onSave={save} check={check}
          complete={(content, at) => complete(name, content, at)} hover={(content, at) => hover(name, content, at)} />
      </Card>
      <FindingList found={found} name={name} onFix={(finding) => { write(name, edited(draft.text, finding.fix?.edits.filter((each) => each.file === finding.file) ?? [])); }} />
      {asking === "save" ? <SaveDialog name={name} draft={draft} onClose={() => { setAsking(null); onSaved(); }} onConflict={({ more }) => { setClash({ version: more.version ?? "", text: more.text ?? "" }); }} /> : null}
      {asking === "remove" ? <Confirm title={t("removeTitle", { name })} action={t("remove")} onClose={() => { setAsking(null); }} onConfirm={() => void remove()}>{t("removeHelp")}</Confirm> : null}
      {asking === "discard" ? <Confirm title={t("discardTitle")} action={t("discard")} onClose={() => { setAsking(null); }} onConfirm={discard}>{t("discardHelp", { name })}</Confirm> : null}
      {clash ? <ConflictDialog name={name} draft={draft} theirs={clash} onClose={() => { setClash(null); setStale(false); }} /> : null}
    </div>
  );
}

function Title({ name, dirty }: { name: string; dirty: boolean }) {
  return <span class="rules-title"><span class="code">{name}</span>{dirty ? <Badge tone="warn">{t("unsaved")}</Badge> : null}</span>;
}

function own(file: string, name: string): boolean {
  return file === name || file.endsWith(`/${name}`) || file.endsWith(`\\${name}`);
}

function FindingList({ found, name, onFix }: { found: Findings | null; name: string; onFix: (finding: Finding) => void }) {
  if (!found) return null;
  if (!found.findings.length) return <p class="rules-clean" role="status"><State tone="good">{t("clean")}</State></p>;
  return (
    <section class="rules-findings" aria-label={t("findings")} role="status">
      {found.findings.map((each) => <FindingView key={`${each.file} ${each.code} ${each.range.start.byte}`} finding={each} {...(own(each.file, name) ? { onFix } : {})} />)}
      <Printed text={found.text} />
    </section>
  );
}

async function complete(name: string, content: string, at: number) {
  const said = await call("POST /rules/complete", { body: { name, text: content, offset: points(content, at) } });
  const items = said.words.map((each) => ({ text: each.text, kind: each.kind, detail: each.detail, about: plain(each.about) }));
  return { from: units(content, said.start), items };
}

async function hover(name: string, content: string, at: number) {
  const said = await call("POST /rules/hover", { body: { name, text: content, offset: points(content, at) } });
  return said.text ? { from: units(content, said.start), to: units(content, said.end), text: plain(said.text) } : null;
}

// ---- what is only read ------------------------------------------------------------------------------------------------

const HELP = { config: "configHelp", shipped: "shippedHelp", policy: "policyHelp" } as const;

function Others({ chosen, onBegin }: { chosen: Chosen; onBegin: (name: string, content: string) => void }) {
  const { name, layer } = chosen;
  const { value, refused } = useAsked(() => call("GET /rules/file", { query: { name, layer } }), [changes.value]);
  const asRules = async () => {
    try {
      const said = await call("GET /rules/import");
      if (said.text) onBegin(said.name, said.text);
      else tell(t("noRoutes"), "calm");
    } catch (error) { tell(asRefusal(error).message, "bad"); }
  };
  if (refused) return <Card><Empty icon="rules" title={t("missing", { name })}>{refused.message}</Empty></Card>;
  return (
    <Card flush class="rules-card" title={<span class="rules-title"><span class="code">{name}</span><Badge>{t("readOnly")}</Badge></span>}
      {...(layer === "config" ? { actions: <Button class="small" onClick={() => void asRules()}>{t("asRules")}</Button> } : {})}>
      <p class="rules-note help">{t(HELP[layer as keyof typeof HELP])}</p>
      {value ? <Editor readOnly label={t("editor", { name })} value={value.text} /> : <Waiting lines={8} />}
    </Card>
  );
}

function NewFile({ taken, onClose, onBegin }: { taken: readonly string[]; onClose: () => void; onBegin: (name: string) => void }) {
  const [name, setName] = useState("10-mine.ccr"), [wrong, setWrong] = useState("");
  const begin = (event: Event) => {
    event.preventDefault();
    const whole = name.trim().endsWith(".ccr") ? name.trim() : `${name.trim()}.ccr`;
    const found = taken.includes(whole) ? t("nameTaken") : NAME.test(whole) ? "" : t("nameWrong");
    setWrong(found);
    if (!found) onBegin(whole);
  };
  return (
    <Dialog title={t("create")} onClose={onClose}>
      <form onSubmit={begin}>
        <Field label={t("name")} help={t("nameHelp")} wrong={wrong || undefined} value={name} autoFocus onInput={(event) => { setName(event.currentTarget.value); }} />
        <Button look="primary" type="submit">{t("begin")}</Button>
      </form>
    </Dialog>
  );
}

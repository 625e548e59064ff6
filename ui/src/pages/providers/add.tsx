// A provider more: from the catalogue, or by its address, which is asked what it lists and how it wants to be spoken to.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { call } from "../../api/client";
import type { NewProvider, BlockPreview, Probing, Provider } from "../../api/types";
import { seconds } from "../../numbers";
import { Button } from "../../parts/button";
import { Badge, Empty, State } from "../../parts/card";
import { Code } from "../../parts/code";
import { Dialog } from "../../parts/dialog";
import { Field, Select, Tabs } from "../../parts/field";
import { Coded } from "../../parts/finding";
import { tell } from "../../parts/toast";
import { say } from "../../words";
import { Refused, useDoing } from "./doing";

const words = {
  title: { en: "Add a provider", zh: "添加提供商" },
  how: { en: "Where it comes from", zh: "来源" },
  known: { en: "From the catalogue", zh: "从目录选择" },
  address: { en: "By address", zh: "按地址添加" },
  search: { en: "Search", zh: "搜索" },
  nothing: { en: "No vendor is called so", zh: "没有匹配的提供商" },
  byAddress: { en: "Any other is added by its address.", zh: "其他提供商可按地址添加。" },
  local: { en: "on this machine", zh: "本机" },
  back: { en: "Choose another", zh: "重新选择" },
  key: { en: "Key", zh: "密钥" },
  keyHelp: { en: "Kept on this machine as {variable}, readable for you alone. It is never shown again.", zh: "以 {variable} 保存在本机，仅你可读，之后不再显示。" },
  keyLater: { en: "May be given later.", zh: "可以稍后填写。" },
  url: { en: "Address", zh: "地址" },
  urlHelp: { en: "As its documents give it, such as https://…/v1", zh: "按其文档填写，如 https://…/v1" },
  keyProbe: { en: "Used to look, and kept when you add it. It is never shown again.", zh: "用于探测，添加后保存，之后不再显示。" },
  model: { en: "Model to try", zh: "用于尝试的模型" },
  modelHelp: { en: "Only where the address does not list its models.", zh: "仅当该地址不列出模型时需要。" },
  look: { en: "Look at it", zh: "探测" },
  looking: { en: "Asking what it lists, and trying one way of speaking after the other…", zh: "正在获取模型列表并逐一尝试协议…" },
  speaks: { en: "It speaks {dialect}", zh: "协议为 {dialect}" },
  understood: { en: "It speaks {dialect}, but did not answer", zh: "协议为 {dialect}，但未作答" },
  silent: { en: "Nothing there answered as a model", zh: "该地址没有作答" },
  noModels: { en: "It does not list its models: name one above and look again.", zh: "它不列出模型：请在上方填写一个并重新探测。" },
  name: { en: "Name", zh: "名称" },
  nameHelp: { en: "What rules call it: small letters, digits, - and _", zh: "规则中的名称：小写字母、数字、- 和 _" },
  dialect: { en: "Way of speaking", zh: "协议" },
  models: { en: "Models ({n} chosen)", zh: "模型（已选 {n} 个）" },
  modelsHelp: { en: "Those that are chosen are listed in the rules, where a name that is none of them is a mistake. None chosen: any name is sent as it is.", zh: "选中的模型会写入规则，其他名称将视为错误；不选则任何名称都原样发送。" },
  writes: { en: "What is written into {file}", zh: "将写入 {file}" },
  add: { en: "Add", zh: "添加" },
  added: { en: "{name} is there: rules can name {name}/MODEL from now on", zh: "{name} 已添加，规则中可使用 {name}/MODEL" },
};
const t = say(words);

interface Props { providers: readonly Provider[]; onClose: () => void; onAdded: (name: string) => void; again: () => void }

export function Add(props: Props) {
  const way = useSignal("known");
  return (
    <Dialog title={t("title")} onClose={props.onClose} wide>
      <Tabs label={t("how")} chosen={way.value} tabs={[{ id: "known", name: t("known") }, { id: "address", name: t("address") }]} onChoose={(id) => { way.value = id; }}>
        {way.value === "known" ? <Known {...props} /> : <Address {...props} />}
      </Tabs>
    </Dialog>
  );
}

// ---- from the catalogue ---------------------------------------------------------------------------------------------------

function Known(props: Props) {
  const asked = useSignal(""), chosen = useSignal<Provider | null>(null);
  const all = props.providers.filter((each) => !each.configured);
  const found = all.filter((each) => `${each.name} ${each.doc} ${each.url}`.toLowerCase().includes(asked.value.trim().toLowerCase()));
  if (chosen.value) return <Vendor {...props} vendor={chosen.value} onBack={() => { chosen.value = null; }} />;
  return (
    <>
      <Field label={t("search")} type="search" value={asked.value} onInput={(event) => { asked.value = event.currentTarget.value; }} />
      {found.length ? (
        <ul class="providers-catalogue">
          {found.map((each) => (
            <li key={each.name}>
              <button type="button" class="providers-vendor" onClick={() => { chosen.value = each; }}>
                <strong>{each.name}</strong>{each.local ? <Badge>{t("local")}</Badge> : null}
                <span class="quiet">{host(each.url)}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : <Empty icon="search" title={t("nothing")}><p>{t("byAddress")}</p></Empty>}
    </>
  );
}

function host(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url.replace(/^https?:\/\//, "").split("/")[0] ?? "";
  }
}

function Vendor({ vendor, onBack, onClose, onAdded, again }: Props & { vendor: Provider; onBack: () => void }) {
  const key = useSignal(""), doing = useDoing(again);
  const wanted: NewProvider = { name: vendor.name, key: key.value };
  const preview = usePreview({ name: vendor.name });
  return (
    <form onSubmit={(event) => { event.preventDefault(); doing.run(() => write(wanted, onAdded, onClose)); }}>
      <div class="row"><h3>{vendor.name}</h3><Button look="quiet" class="small" onClick={onBack}>{t("back")}</Button></div>
      {vendor.doc ? <p class="quiet"><Coded text={vendor.doc} /></p> : null}
      {vendor.variable && !vendor.local ? (
        <Secret label={t("key")} value={key.value} onValue={(value) => { key.value = value; }} help={`${t("keyHelp", { variable: vendor.variable })} ${t("keyLater")}`} />
      ) : null}
      <Writes preview={preview} />
      <Refused refused={doing.refused} />
      <div class="actions"><Button look="primary" type="submit" busy={doing.busy} disabled={Boolean(preview?.why)}>{t("add")}</Button></div>
    </form>
  );
}

/** A field for a key: not shown, not filled in, not kept by the browser. */
export function Secret({ label, value, onValue, help }: { label: string; value: string; onValue: (value: string) => void; help: string }) {
  return <Field label={label} type="password" autocomplete="off" spellcheck={false} data-1p-ignore value={value} help={help}
    onInput={(event) => { onValue(event.currentTarget.value); }} />;
}

async function write(wanted: NewProvider, onAdded: (name: string) => void, onClose: () => void): Promise<void> {
  const done = await call("POST /providers", { body: wanted });
  tell(t("added", { name: done.name }), done.live ? "good" : "warn");
  onAdded(done.name);
  onClose();
}

/** What would be written, asked a moment after the last change. */
function usePreview(wanted: NewProvider): BlockPreview | null {
  const found = useSignal<BlockPreview | null>(null), asked = JSON.stringify(wanted);
  useEffect(() => {
    if (!wanted.name) { found.value = null; return undefined; }
    const leaving = new AbortController();
    const later = setTimeout(() => {
      call("POST /providers/preview", { body: wanted, signal: leaving.signal }).then((said) => { found.value = said; }, () => undefined);
    }, 250);
    return () => { clearTimeout(later); leaving.abort(); };
  }, [asked]);
  return found.value;
}

function Writes({ preview }: { preview: BlockPreview | null }) {
  if (!preview) return null;
  return (
    <div class="providers-writes">
      {preview.why ? <p class="wrong">{preview.why}</p> : <><span class="help">{t("writes", { file: preview.file })}</span><Code text={preview.text} /></>}
    </div>
  );
}

// ---- by address -----------------------------------------------------------------------------------------------------------

const DIALECTS = ["openai_chat", "anthropic", "openai_responses", "gemini", "ollama"];

function Address({ onClose, onAdded, again }: Props) {
  const url = useSignal(""), key = useSignal(""), model = useSignal(""), name = useSignal(""), dialect = useSignal("");
  const chosen = useSignal<readonly string[]>([]), found = useSignal<Probing | null>(null);
  const looking = useDoing(), adding = useDoing(again);
  const look = async () => {
    found.value = null;
    const said = await call("POST /probe", { body: { url: url.value, key: key.value, model: model.value } });
    found.value = said;
    if (said.dialect) dialect.value = said.dialect;
    if (!name.value) name.value = called(url.value);
  };
  const wanted: NewProvider = { name: name.value.trim(), url: url.value.trim(), dialect: dialect.value, key: key.value, models: chosen.value };
  const preview = usePreview(found.value || dialect.value ? wanted : { name: "" });
  const ready = Boolean(wanted.name && wanted.url && wanted.dialect) && !preview?.why;
  return (
    <form onSubmit={(event) => { event.preventDefault(); if (found.value) adding.run(() => write(wanted, onAdded, onClose)); else looking.run(look); }}>
      <Field label={t("url")} type="url" inputmode="url" required placeholder="https://" value={url.value} help={t("urlHelp")} onInput={(event) => { url.value = event.currentTarget.value; found.value = null; }} />
      <div class="providers-pair">
        <Secret label={t("key")} value={key.value} onValue={(value) => { key.value = value; }} help={t("keyProbe")} />
        <Field label={t("model")} value={model.value} help={t("modelHelp")} onInput={(event) => { model.value = event.currentTarget.value; }} />
      </div>
      <div class="row providers-look"><Button look={found.value ? "plain" : "primary"} icon="search" busy={looking.busy} disabled={!url.value.trim()} onClick={() => { looking.run(look); }}>{t("look")}</Button>
        <span class="help" role="status">{looking.busy ? t("looking") : ""}</span></div>
      <Refused refused={looking.refused} />
      {found.value ? <Ways found={found.value} /> : null}
      {found.value ? (
        <>
          <div class="providers-pair">
            <Field label={t("name")} required value={name.value} help={t("nameHelp")} onInput={(event) => { name.value = event.currentTarget.value; }} />
            <Select label={t("dialect")} value={dialect.value} options={[["", "–"], ...DIALECTS.map((each): [string, string] => [each, each])]}
              onChange={(event) => { dialect.value = event.currentTarget.value; }} />
          </div>
          <Models all={found.value.models} chosen={chosen.value} onChange={(models) => { chosen.value = models; }} />
          <Writes preview={preview} />
          <Refused refused={adding.refused} />
          <div class="actions"><Button look="primary" type="submit" busy={adding.busy} disabled={!ready}>{t("add")}</Button></div>
        </>
      ) : null}
    </form>
  );
}

/** A name out of an address: `https://api.shop.example/v1` is `shop`. */
function called(url: string): string {
  const parts = host(url).replace(/:\d+$/, "").split(".").filter((each) => !["api", "www", "llm"].includes(each));
  const name = (parts.length > 1 ? parts[parts.length - 2] : parts[0]) ?? "";
  return /^[a-z][a-z0-9_-]*$/.test(name) ? name : "mine";
}

function Ways({ found }: { found: Probing }) {
  const best = found.ways.find((each) => each.dialect === found.dialect);
  const head = !found.model ? t("noModels") : !found.dialect ? t("silent") : t(best?.trial.ok ? "speaks" : "understood", { dialect: found.dialect });
  return (
    <div class="providers-ways" aria-live="polite">
      <State tone={best?.trial.ok ? "good" : "warn"}>{head}</State>
      <ul>
        {found.ways.map((each) => (
          <li key={each.dialect}>
            <code>{each.dialect}</code>{" "}
            {each.trial.ok ? <span>{found.model}, {seconds(each.trial.seconds)}</span>
              : <span class="quiet">{each.trial.status ?? ""} {each.trial.outcome.replaceAll("_", " ")}{each.dialect === found.dialect && each.trial.message ? `: ${each.trial.message}` : ""}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Models({ all, chosen, onChange }: { all: readonly string[]; chosen: readonly string[]; onChange: (models: readonly string[]) => void }) {
  const asked = useSignal("");
  if (!all.length) return null;
  const shown = all.filter((each) => each.toLowerCase().includes(asked.value.trim().toLowerCase()));
  const toggle = (name: string) => { onChange(chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name]); };
  return (
    <fieldset class="providers-models">
      <legend>{t("models", { n: chosen.length })}</legend>
      <p class="help">{t("modelsHelp")}</p>
      {all.length > 12 ? <Field label={t("search")} type="search" value={asked.value} onInput={(event) => { asked.value = event.currentTarget.value; }} /> : null}
      <div class="providers-chips">
        {shown.slice(0, 300).map((each) => (
          <label key={each} class="providers-chip"><input type="checkbox" checked={chosen.includes(each)} onChange={() => { toggle(each); }} />{each}</label>
        ))}
      </div>
    </fieldset>
  );
}

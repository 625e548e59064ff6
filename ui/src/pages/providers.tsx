// Who answers: each provider with how it is doing, its key by fingerprint, and all that can be done with it.
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { call } from "../api/client";
import { useAsked } from "../api/asked";
import { changes, requests, resting } from "../api/live";
import type { Provider, Rest } from "../api/types";
import { clock, count, seconds } from "../numbers";
import type { Page } from "../page";
import { Button, IconButton } from "../parts/button";
import { Card, Empty, Head, State, Waiting, type Tone } from "../parts/card";
import { Dialog } from "../parts/dialog";
import { tell } from "../parts/toast";
import { say, text } from "../words";
import { Add } from "./providers/add";
import { Refused, useDoing } from "./providers/doing";
import { Key } from "./providers/key";
import { Export, Import } from "./providers/move";
import { Transformers } from "./providers/transformers";
import { Trial } from "./providers/trial";

export const page = { path: "providers", title: { en: "Providers", zh: "提供商" }, icon: "providers", order: 40 } satisfies Page;

export const words = {
  lead: { en: "Where your requests can go. What changes here is in force at once, also while others run.", zh: "请求可以发往的地方。此处的修改立即生效，不影响正在进行的请求。" },
  add: { en: "Add a provider", zh: "添加提供商" },
  import: { en: "Import", zh: "导入" },
  none: { en: "No provider is set up", zh: "尚未配置提供商" },
  noneHelp: { en: "Add one from the catalogue with its key, or any other by its address. A server on this machine, such as Ollama, is found by itself.", zh: "从目录选择并填写密钥，或按地址添加。本机服务（如 Ollama）会自动发现。" },
  failed: { en: "The providers could not be read", zh: "无法读取提供商" },
  again: { en: "Try again", zh: "重试" },
  well: { en: "well", zh: "正常" },
  needs: { en: "not ready", zh: "未就绪" },
  down: { en: "down", zh: "停用" },
  resting: { en: "resting", zh: "暂停" },
  limited: { en: "limited", zh: "限流" },
  until: { en: "until {time}", zh: "直到 {time}" },
  whole: { en: "all of it", zh: "全部" },
  models: { en: "Models", zh: "模型" },
  any: { en: "any", zh: "任意" },
  latency: { en: "First byte", zh: "首字节" },
  latencyHelp: { en: "Median of the last five minutes", zh: "最近五分钟的中位数" },
  load: { en: "Running", zh: "进行中" },
  used: { en: "Limit used", zh: "限额已用" },
  key: { en: "Key", zh: "密钥" },
  keyless: { en: "none asked", zh: "不需要" },
  login: { en: "Claude Code's own login", zh: "Claude Code 自身的登录" },
  machine: { en: "this machine's login", zh: "本机登录" },
  missing: { en: "missing", zh: "缺少" },
  uses: { en: "Rewrites", zh: "改写" },
  stands: { en: "Declared in", zh: "声明于" },
  test: { en: "Test", zh: "测试" },
  setKey: { en: "Key", zh: "密钥" },
  transformers: { en: "Transformers", zh: "转换器" },
  export: { en: "Export {name}", zh: "导出 {name}" },
  remove: { en: "Remove {name}", zh: "移除 {name}" },
  removeTitle: { en: "Remove {name}?", zh: "移除 {name}？" },
  removeLead: { en: "Its block is taken out of {place}; the file is copied first. Requests that run are not touched. Its key stays kept.", zh: "将从 {place} 中移除其块，文件会先备份。正在进行的请求不受影响，密钥仍保留。" },
  removeAction: { en: "Remove", zh: "移除" },
  removed: { en: "{name} is removed", zh: "已移除 {name}" },
  cancel: { en: "Cancel", zh: "取消" },
};
const t = say(words);

/** Which dialog is open, and of whom; "" where it is of nobody. */
type Open = { what: "add" | "import" | "key" | "trial" | "uses" | "export" | "remove"; name: string } | null;

export default function Providers() {
  const asked = useAsked(() => call("GET /providers"), [changes.value]);
  const open = useSignal<Open>(null), latest = requests.value[0]?.id ?? "";
  useEffect(() => {
    // How fast and how busy they are is told with the list: asked again a moment after requests have ended.
    const later = setTimeout(asked.again, 1500);
    return () => { clearTimeout(later); };
  }, [latest]);
  const close = () => { open.value = null; };
  const mine = asked.value?.providers.filter((each) => each.configured) ?? [];
  return (
    <div class="page providers">
      <Head title={text(page.title)} actions={
        <>
          <Button onClick={() => { open.value = { what: "import", name: "" }; }}>{t("import")}</Button>
          <Button look="primary" icon="plus" onClick={() => { open.value = { what: "add", name: "" }; }}>{t("add")}</Button>
        </>}>{t("lead")}</Head>
      {asked.value ? mine.length ? <Cards providers={mine} onOpen={(next) => { open.value = next; }} />
        : <Card><Empty icon="providers" title={t("none")}><p>{t("noneHelp")}</p><Button look="primary" icon="plus" onClick={() => { open.value = { what: "add", name: "" }; }}>{t("add")}</Button></Empty></Card>
        : asked.refused ? <Card><Empty icon="error" title={t("failed")}><p>{asked.refused.message}</p><Button onClick={asked.again}>{t("again")}</Button></Empty></Card>
          : <Card><Waiting lines={6} /></Card>}
      {open.value ? <Opened open={open.value} providers={asked.value?.providers ?? []} onClose={close} again={asked.again} /> : null}
    </div>
  );
}

function Opened({ open, providers, onClose, again }: { open: NonNullable<Open>; providers: readonly Provider[]; onClose: () => void; again: () => void }) {
  if (open.what === "add") return <Add {...{ providers, onClose, again }} onAdded={again} />;
  if (open.what === "import") return <Import {...{ onClose, again }} />;
  const provider = providers.find((each) => each.name === open.name);
  if (!provider) return null;
  switch (open.what) {
    case "key": return <Key {...{ provider, onClose, again }} />;
    case "trial": return <Trial {...{ provider, onClose }} />;
    case "uses": return <Transformers {...{ provider, onClose, again }} />;
    case "export": return <Export name={open.name} onClose={onClose} />;
    case "remove": return <Remove {...{ provider, onClose, again }} />;
  }
}

function Remove({ provider, onClose, again }: { provider: Provider; onClose: () => void; again: () => void }) {
  const doing = useDoing(again), { name } = provider;
  const remove = async () => {
    await call("DELETE /providers/{name}", { path: { name } });
    tell(t("removed", { name }));
    again();
    onClose();
  };
  return (
    <Dialog title={t("removeTitle", { name })} onClose={onClose} actions={
      <><Button onClick={onClose}>{t("cancel")}</Button><Button look="danger" busy={doing.busy} onClick={() => { doing.run(remove); }}>{t("removeAction")}</Button></>}>
      <div class="providers-stack"><p>{t("removeLead", { place: provider.place })}</p><Refused refused={doing.refused} /></div>
    </Dialog>
  );
}

// ---- cards ----------------------------------------------------------------------------------------------------------------

function Cards({ providers, onOpen }: { providers: readonly Provider[]; onOpen: (open: Open) => void }) {
  const told = useMemo(() => Date.now() / 1000, [resting.value]);
  return (
    <ul class="providers-cards">
      {providers.map((each) => <li key={each.name}><One provider={each} rests={resting.value.filter((rest) => rest.provider === each.name)} told={told} onOpen={onOpen} /></li>)}
    </ul>
  );
}

function One({ provider, rests, told, onOpen }: { provider: Provider; rests: readonly Rest[]; told: number; onOpen: (open: Open) => void }) {
  const { name, pulse } = provider, [tone, word] = condition(provider, rests);
  const facts: [string, preact.ComponentChildren][] = [
    [t("models"), provider.models.count ? count(provider.models.count) : t("any")],
    [t("latency"), <span title={t("latencyHelp")}>{seconds(pulse.latency)}</span>],
    [t("load"), count(pulse.load)],
    ...(pulse.used === null ? [] : [[t("used"), `${Math.round(pulse.used)}%`] as [string, string]]),
  ];
  return (
    <section class="card providers-card" aria-labelledby={`provider-${name}`}>
      <div class="row"><h2 id={`provider-${name}`}>{name}</h2><State tone={tone}>{word}</State></div>
      <p class="providers-where quiet"><span>{provider.url}</span> <code>{provider.dialect}</code></p>
      {provider.needs ? <p class="providers-rest">{provider.needs}</p> : null}
      {rests.map((each) => (
        <p key={each.model} class="providers-rest"><strong>{each.model || t("whole")} {t("until", { time: clock(told + each.seconds) })}</strong> {each.why}</p>
      ))}
      <dl class="providers-facts">{facts.map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>
      <dl class="providers-lines">
        <div><dt>{t("key")}</dt><dd>{shownKey(provider)}</dd></div>
        {provider.uses.length ? <div><dt>{t("uses")}</dt><dd>{provider.uses.map((each) => each.name).join(", ")}</dd></div> : null}
        {provider.place ? <div><dt>{t("stands")}</dt><dd>{provider.place.slice(provider.place.lastIndexOf("/") + 1)}</dd></div> : null}
      </dl>
      <div class="providers-doing">
        <Button class="small" onClick={() => { onOpen({ what: "trial", name }); }}>{t("test")}</Button>
        {provider.variable || provider.writable ? <Button class="small" icon="keys" onClick={() => { onOpen({ what: "key", name }); }}>{t("setKey")}</Button> : null}
        <Button class="small" onClick={() => { onOpen({ what: "uses", name }); }}>{t("transformers")}</Button>
        <span class="providers-more">
          <IconButton icon="export" label={t("export", { name })} onClick={() => { onOpen({ what: "export", name }); }} />
          {provider.writable ? <IconButton icon="trash" label={t("remove", { name })} onClick={() => { onOpen({ what: "remove", name }); }} /> : null}
        </span>
      </div>
    </section>
  );
}

function condition(provider: Provider, rests: readonly Rest[]): [Tone, string] {
  if (provider.needs) return ["calm", t("needs")];
  if (rests.some((each) => !each.model && !each.limited)) return ["bad", t("down")];
  if (rests.some((each) => each.limited)) return ["warn", t("limited")];
  return rests.length ? ["warn", t("resting")] : ["good", t("well")];
}

function shownKey({ keys, auth, needs }: Provider): preact.ComponentChildren {
  if (keys.length) return <span class="code">{keys.join(", ")}</span>;
  if (auth === "client") return t("login");
  if (["google", "aws", "entra"].includes(auth)) return t("machine");
  return needs ? t("missing") : t("keyless");
}

// Who has a key of their own. A key is shown in the dialog that made it, and nowhere else.
import { useSignal } from "@preact/signals";
import { asRefusal, useAsked } from "../../api/asked";
import { call } from "../../api/client";
import { changes } from "../../api/live";
import type { User, UserKey } from "../../api/types";
import { Button } from "../../parts/button";
import { Badge, Card, Empty, Table, Waiting } from "../../parts/card";
import { Code } from "../../parts/code";
import { Confirm, Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { Coded } from "../../parts/finding";
import { tell } from "../../parts/toast";
import { say } from "../../words";

export const words = {
  title: { en: "People", zh: "用户" },
  name: { en: "Name", zh: "名称" },
  mark: { en: "Fingerprint", zh: "指纹" },
  actions: { en: "Actions", zh: "操作" },
  add: { en: "Add", zh: "添加" },
  addTitle: { en: "Make a key for somebody", zh: "为用户创建密钥" },
  addHelp: { en: "Rules know who asks by this name: `when user == alice`.", zh: "规则通过此名称识别用户：`when user == alice`。" },
  make: { en: "Make a key", zh: "创建密钥" },
  open: { en: "Nobody is asked for a key", zh: "目前不需要密钥" },
  openHelp: { en: "So ccr listens on this machine alone. With the first key everybody needs one, you too.", zh: "因此 ccr 仅监听本机。添加第一个密钥后，所有人（包括您）都需要密钥。" },
  nobody: { en: "Nobody has a key of their own", zh: "尚无用户拥有独立密钥" },
  nobodyHelp: { en: "The proxy's own key opens it. A key for each person lets rules tell them apart.", zh: "代理自身的密钥可以使用。为每个用户创建密钥后，规则可以区分他们。" },
  elsewhere: { en: "in a rule file", zh: "在规则文件中" },
  own: { en: "The proxy's own key: {mark}", zh: "代理自身密钥：{mark}" },
  rotate: { en: "New key", zh: "更换密钥" },
  rotateTitle: { en: "Make {name} another key?", zh: "为 {name} 更换密钥？" },
  rotateText: { en: "The key they have now fits no more, at once.", zh: "当前密钥将立即失效。" },
  remove: { en: "Remove", zh: "移除" },
  removeTitle: { en: "Take {name}'s key away?", zh: "移除 {name} 的密钥？" },
  removeText: { en: "They can no longer use this ccr, at once.", zh: "该用户将立即无法使用此 ccr。" },
  removeLast: { en: "It is the last key: after that nobody is asked for one, and ccr listens on this machine alone.", zh: "这是最后一个密钥：移除后不再需要密钥，ccr 仅监听本机。" },
  removed: { en: "{name} may no longer use this ccr", zh: "{name} 已无法使用此 ccr" },
  made: { en: "The key of {name}", zh: "{name} 的密钥" },
  once: { en: "It is shown this once: ccr keeps its hash alone. Copy it now.", zh: "仅显示一次：ccr 只保存哈希。请立即复制。" },
  settings: { en: "For their `~/.claude/settings.json`:", zh: "用于其 `~/.claude/settings.json`：" },
  first: { en: "From now on everybody needs a key, you too.", zh: "从现在起，所有人（包括您）都需要密钥。" },
  done: { en: "I have it", zh: "我已保存" },
  failed: { en: "The keys could not be read", zh: "无法读取密钥" },
  again: { en: "Try again", zh: "重试" },
};
const t = say(words);

type Open = { kind: "add" } | { kind: "rotate" | "remove"; user: User } | { kind: "made"; key: UserKey } | null;

export function Keys() {
  const asked = useAsked(() => call("GET /users"), [changes.value]);
  const open = useSignal<Open>(null);
  const close = () => { open.value = null; };
  const known = asked.value;
  const done = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      tell(asRefusal(error).message, "bad");
    }
    asked.again();
  };
  if (asked.refused && !known) return <Empty icon="error" title={t("failed")}><p>{asked.refused.message}</p><Button onClick={asked.again}>{t("again")}</Button></Empty>;
  if (!known) return <Waiting lines={5} />;
  const now = open.value;
  const last = known.key === null && known.users.length === 1;
  return (
    <Card title={t("title")} flush actions={<Button class="small" icon="plus" onClick={() => { open.value = { kind: "add" }; }}>{t("add")}</Button>}>
      {known.key ? <p class="settings-note quiet">{t("own", { mark: known.key })}</p> : null}
      {known.users.length ? (
        <Table caption={t("title")} rows={known.users} id={(each) => each.name} columns={[
          { name: t("name"), class: "wide", show: (each) => <strong>{each.name}</strong> },
          { name: t("mark"), show: (each) => <span class="code quiet">{each.fingerprint}</span> },
          { name: t("actions"), show: (each) => each.here ? (
            <div class="actions settings-row">
              <Button class="small" icon="keys" aria-label={`${t("rotate")}: ${each.name}`} onClick={() => { open.value = { kind: "rotate", user: each }; }}>{t("rotate")}</Button>
              <Button class="small" icon="trash" aria-label={`${t("remove")}: ${each.name}`} onClick={() => { open.value = { kind: "remove", user: each }; }}>{t("remove")}</Button>
            </div>) : <Badge>{t("elsewhere")}</Badge> },
        ]} />
      ) : <Empty icon="keys" title={t(known.open ? "open" : "nobody")}><p>{t(known.open ? "openHelp" : "nobodyHelp")}</p></Empty>}
      {now?.kind === "add" ? <Add onClose={close} onMade={(key) => { open.value = { kind: "made", key }; asked.again(); }} /> : null}
      {now?.kind === "made" ? <Made made={now.key} onClose={close} /> : null}
      {now?.kind === "rotate" ? <Confirm title={t("rotateTitle", { name: now.user.name })} action={t("rotate")} onClose={close}
        onConfirm={() => void done(async () => { const key = await call("PUT /users/{name}", { path: { name: now.user.name } }); open.value = { kind: "made", key }; })}><p>{t("rotateText")}</p></Confirm> : null}
      {now?.kind === "remove" ? <Confirm title={t("removeTitle", { name: now.user.name })} action={t("remove")} onClose={close}
        onConfirm={() => void done(async () => { await call("DELETE /users/{name}", { path: { name: now.user.name } }); tell(t("removed", { name: now.user.name })); })}>
        <p>{t("removeText")}</p>{last ? <p>{t("removeLast")}</p> : null}</Confirm> : null}
    </Card>
  );
}

function Add({ onClose, onMade }: { onClose: () => void; onMade: (key: UserKey) => void }) {
  const name = useSignal(""), wrong = useSignal(""), busy = useSignal(false);
  const make = async (event: Event) => {
    event.preventDefault();
    busy.value = true;
    wrong.value = "";
    try {
      onMade(await call("POST /users", { body: { name: name.value } }));
    } catch (error) {
      wrong.value = asRefusal(error).message;
    }
    busy.value = false;
  };
  return (
    <Dialog title={t("addTitle")} onClose={onClose}>
      <form onSubmit={(event) => void make(event)} noValidate>
        <Field label={t("name")} help={<Coded text={t("addHelp")} />} wrong={wrong.value || undefined} autocomplete="off" spellcheck={false} autofocus
          value={name.value} onInput={(event) => { name.value = event.currentTarget.value; }} />
        <Button look="primary" type="submit" busy={busy.value} disabled={!name.value.trim()}>{t("make")}</Button>
      </form>
    </Dialog>
  );
}

function Made({ made, onClose }: { made: UserKey; onClose: () => void }) {
  const lines = JSON.stringify({ env: { ANTHROPIC_BASE_URL: location.origin, ANTHROPIC_AUTH_TOKEN: made.key } }, null, 2);
  return (
    <Dialog title={t("made", { name: made.name })} onClose={onClose} actions={<Button look="primary" onClick={onClose}>{t("done")}</Button>}>
      <div class="settings-made">
        <p>{t("once")}</p>
        <Code text={made.key} />
        <p><Coded text={t("settings")} /></p>
        <Code text={lines} />
        {made.first ? <p><strong>{t("first")}</strong></p> : null}
      </div>
    </Dialog>
  );
}

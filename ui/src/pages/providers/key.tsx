// A key typed in: kept, told by its fingerprint from then on, forgotten on request.
import { useSignal } from "@preact/signals";
import { call } from "../../api/client";
import type { Provider } from "../../api/types";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { tell } from "../../parts/toast";
import { say } from "../../words";
import { Secret } from "./add";
import { Refused, useDoing } from "./doing";

const words = {
  title: { en: "Key of {name}", zh: "{name} 的密钥" },
  now: { en: "Now {keys}. What is shown is a fingerprint, no part of the key.", zh: "当前为 {keys}。显示的是指纹，不是密钥的一部分。" },
  none: { en: "It has no key yet.", zh: "尚无密钥。" },
  key: { en: "New key", zh: "新密钥" },
  help: { en: "Kept on this machine, readable for you alone, and never shown again. Requests that run end with the old one; the next one takes this.", zh: "保存在本机，仅你可读，之后不再显示。正在进行的请求继续使用旧密钥，下一个请求使用新密钥。" },
  moves: { en: "If a key stands in the rule file itself, it is taken out there, and the file is copied first.", zh: "如果密钥写在规则文件中，会先备份文件，再将其移出。" },
  keep: { en: "Keep it", zh: "保存" },
  kept: { en: "{name} uses the new key from now on", zh: "{name} 已使用新密钥" },
  forget: { en: "Forget the kept key", zh: "删除已保存的密钥" },
  forgotten: { en: "The key of {name} is forgotten", zh: "已删除 {name} 的密钥" },
};
const t = say(words);

export function Key({ provider, onClose, again }: { provider: Provider; onClose: () => void; again: () => void }) {
  const key = useSignal(""), doing = useDoing(again), { name } = provider;
  const done = (said: string) => { key.value = ""; tell(said); again(); onClose(); };
  const keep = async () => { await call("PUT /providers/{name}/key", { path: { name }, body: { key: key.value } }); done(t("kept", { name })); };
  const forget = async () => { await call("DELETE /providers/{name}/key", { path: { name } }); done(t("forgotten", { name })); };
  return (
    <Dialog title={t("title", { name })} onClose={onClose}>
      <form onSubmit={(event) => { event.preventDefault(); doing.run(keep); }}>
        <p class="quiet">{provider.keys.length ? t("now", { keys: provider.keys.join(", ") }) : t("none")}</p>
        <Secret label={t("key")} value={key.value} onValue={(value) => { key.value = value; }} help={`${t("help")}${provider.writable ? ` ${t("moves")}` : ""}`} />
        <Refused refused={doing.refused} />
        <div class="actions">
          {provider.own_key ? <Button look="quiet" icon="trash" busy={doing.busy} onClick={() => { doing.run(forget); }}>{t("forget")}</Button> : null}
          <Button look="primary" type="submit" busy={doing.busy} disabled={!key.value.trim()}>{t("keep")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

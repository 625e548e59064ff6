// The password of these pages: another one, which ends all other logins.
import { useSignal } from "@preact/signals";
import { asRefusal } from "../../api/asked";
import { call, session } from "../../api/client";
import { First } from "../../login";
import { Button } from "../../parts/button";
import { Card } from "../../parts/card";
import { Field } from "../../parts/field";
import { Coded } from "../../parts/finding";
import { tell } from "../../parts/toast";
import { say } from "../../words";

export const words = {
  title: { en: "Password of these pages", zh: "界面密码" },
  lead: { en: "Another password ends all other logins. It is kept as a hash in the ccr home.", zh: "更换密码将结束所有其他登录。密码仅以哈希形式保存在 ccr 主目录中。" },
  given: { en: "It is set by `UI_PASSWORD`, and changed there.", zh: "密码由 `UI_PASSWORD` 设置，请在该处修改。" },
  current: { en: "Current password", zh: "当前密码" },
  fresh: { en: "New password", zh: "新密码" },
  freshHelp: { en: "At least 8 characters.", zh: "至少 8 个字符。" },
  again: { en: "The same once more", zh: "再次输入" },
  differ: { en: "The two are not the same.", zh: "两次输入不一致。" },
  change: { en: "Change it", zh: "修改" },
  changed: { en: "The password is changed; all other logins have ended", zh: "密码已修改，其他登录已全部结束" },
};
const t = say(words);

export function Password() {
  const kind = session.value?.password;
  return (
    <Card title={t("title")} class="settings-narrow">
      {kind === "given" ? <p><Coded text={t("given")} /></p> : kind === "none" ? <First /> : <Change />}
    </Card>
  );
}

function Change() {
  const current = useSignal(""), fresh = useSignal(""), again = useSignal(""), wrong = useSignal(""), differ = useSignal(""), busy = useSignal(false);
  const change = async (event: Event) => {
    event.preventDefault();
    wrong.value = "";
    differ.value = fresh.value === again.value ? "" : t("differ");
    if (differ.value) return;
    busy.value = true;
    try {
      session.value = await call("PUT /session/password", { body: { current: current.value, password: fresh.value } });
      current.value = fresh.value = again.value = "";
      tell(t("changed"));
    } catch (error) {
      wrong.value = asRefusal(error).message;
    }
    busy.value = false;
  };
  return (
    <form class="settings-form" onSubmit={(event) => void change(event)} noValidate>
      <p class="quiet">{t("lead")}</p>
      <input type="text" name="username" value="ccr" autocomplete="username" hidden readOnly />
      <Field label={t("current")} type="password" autocomplete="current-password" value={current.value} wrong={wrong.value || undefined} onInput={(event) => { current.value = event.currentTarget.value; }} />
      <Field label={t("fresh")} type="password" autocomplete="new-password" help={t("freshHelp")} value={fresh.value} onInput={(event) => { fresh.value = event.currentTarget.value; }} />
      <Field label={t("again")} type="password" autocomplete="new-password" value={again.value} wrong={differ.value || undefined} onInput={(event) => { again.value = event.currentTarget.value; }} />
      <div class="actions"><Button look="primary" type="submit" busy={busy.value} disabled={!current.value || !fresh.value}>{t("change")}</Button></div>
    </form>
  );
}

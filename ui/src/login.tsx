// The way in: the password, or the first one chosen, which is possible only at the machine itself or after `ccr ui`.
import { useSignal } from "@preact/signals";
import { call, Refusal, session } from "./api/client";
import { Button } from "./parts/button";
import { Field } from "./parts/field";
import { Coded } from "./parts/finding";
import { Icon } from "./parts/icon";
import { Choices } from "./shell";
import { say } from "./words";

export const words = {
  title: { en: "Log in", zh: "登录" },
  lead: { en: "Rules, providers and requests of this ccr.", zh: "管理此 ccr 的规则、提供商与请求。" },
  password: { en: "Password", zh: "密码" },
  forgot: { en: "Forgotten? `ccr ui` at the machine opens the door without it.", zh: "忘记密码？在本机运行 `ccr ui` 即可直接进入。" },
  enter: { en: "Log in", zh: "登录" },
  first: { en: "Choose a password", zh: "设置密码" },
  firstLead: { en: "There is none yet, and no default one. You need it to see and change this ccr in a browser.", zh: "尚未设置密码，也没有默认密码。在浏览器中查看和修改此 ccr 时需要它。" },
  firstHelp: { en: "At least 8 characters. It is kept as a hash in the ccr home.", zh: "至少 8 个字符，仅以哈希形式保存在 ccr 主目录中。" },
  again: { en: "The same once more", zh: "再次输入" },
  differ: { en: "The two are not the same.", zh: "两次输入不一致。" },
  short: { en: "At least 8 characters.", zh: "至少 8 个字符。" },
  keep: { en: "Keep it and go on", zh: "保存并继续" },
  closed: { en: "Not from here", zh: "无法从此处进入" },
  closedLead: { en: "No password was chosen yet, and that is done at the machine itself. Run `ccr ui` there: it prints an address that lets you in.", zh: "尚未设置密码，需在本机完成。请在本机运行 `ccr ui`，它会给出一个可进入的地址。" },
};
const t = say(words);

export function Login() {
  const here = session.value;
  const kind = here?.password !== "none" ? "title" : here.may_choose ? "first" : "closed";
  const lead = { title: "lead", first: "firstLead", closed: "closedLead" } as const;
  return (
    <main class="gate">
      <div class="gate-box">
        <span class="logo big" aria-hidden="true"><Icon name="routing" size={26} /></span>
        <h1>{t(kind)}</h1>
        <p class="lead"><Coded text={t(lead[kind])} /></p>
        {kind === "title" ? <Enter /> : kind === "first" ? <First /> : null}
      </div>
      <Choices />
    </main>
  );
}

function Enter() {
  const password = useSignal(""), wrong = useSignal(""), busy = useSignal(false);
  const enter = async (event: Event) => {
    event.preventDefault();
    busy.value = true;
    wrong.value = "";
    try {
      session.value = await call("POST /session", { body: { password: password.value } });
    } catch (error) {
      wrong.value = error instanceof Refusal ? error.message : String(error);
    }
    busy.value = false;
  };
  return (
    <form onSubmit={(event) => void enter(event)}>
      <User />
      <Field label={t("password")} type="password" autocomplete="current-password" required autofocus value={password.value}
        wrong={wrong.value || undefined} onInput={(event) => { password.value = event.currentTarget.value; }} />
      <Button look="primary" type="submit" busy={busy.value}>{t("enter")}</Button>
      <p class="help"><Coded text={t("forgot")} /></p>
    </form>
  );
}

/** Choosing the first password; also for somebody whom a code let in. */
export function First() {
  const password = useSignal(""), again = useSignal(""), wrong = useSignal(""), busy = useSignal(false);
  const choose = async (event: Event) => {
    event.preventDefault();
    wrong.value = password.value.length < 8 ? t("short") : password.value !== again.value ? t("differ") : "";
    if (wrong.value) return;
    busy.value = true;
    try {
      session.value = await call("POST /session/first", { body: { password: password.value } });
    } catch (error) {
      wrong.value = error instanceof Refusal ? error.message : String(error);
    }
    busy.value = false;
  };
  return (
    <form onSubmit={(event) => void choose(event)} noValidate>
      <User />
      <Field label={t("password")} type="password" autocomplete="new-password" autofocus value={password.value} help={t("firstHelp")}
        onInput={(event) => { password.value = event.currentTarget.value; }} />
      <Field label={t("again")} type="password" autocomplete="new-password" value={again.value} wrong={wrong.value || undefined}
        onInput={(event) => { again.value = event.currentTarget.value; }} />
      <Button look="primary" type="submit" busy={busy.value}>{t("keep")}</Button>
    </form>
  );
}

/** Keepers of passwords want a name to keep it under. */
function User() {
  return <input type="text" name="username" value="ccr" autocomplete="username" hidden readOnly />;
}

// The frame: menu, theme, language, the page of the address; or the login.
import { useComputed, useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { PAGES } from "virtual:pages";
import { call, session } from "./api/client";
import { listen, status, stop, stream } from "./api/live";
import { First, Login } from "./login";
import { Button, IconButton } from "./parts/button";
import { Empty, State, Waiting } from "./parts/card";
import { Dialog } from "./parts/dialog";
import { Icon } from "./parts/icon";
import { tell, Toasts } from "./parts/toast";
import { href, place } from "./router";
import { chooseTheme, theme, THEMES, type Theme } from "./theme";
import { chooseLanguage, language, LANGUAGES, say, text, type Language } from "./words";

export const words = {
  menu: { en: "Menu", zh: "菜单" },
  skip: { en: "Skip to the page", zh: "跳到正文" },
  pages: { en: "Pages", zh: "页面" },
  theme: { en: "Colours", zh: "配色" },
  system: { en: "System", zh: "跟随系统" },
  light: { en: "Light", zh: "浅色" },
  dark: { en: "Dark", zh: "深色" },
  language: { en: "Language", zh: "语言" },
  choose: { en: "Choose a password", zh: "设置密码" },
  leave: { en: "Log out", zh: "退出登录" },
  live: { en: "Live", zh: "实时" },
  connecting: { en: "Connecting", zh: "连接中" },
  lost: { en: "Not connected: trying again", zh: "连接中断，正在重试" },
  stale: { en: "Rules do not load", zh: "规则无法加载" },
  nowhere: { en: "There is no such page", zh: "没有这个页面" },
  home: { en: "To the overview", zh: "返回概览" },
  broken: { en: "This page could not be loaded", zh: "页面加载失败" },
  reload: { en: "Reload", zh: "重新加载" },
  wait: { en: "One moment", zh: "请稍候" },
};
const t = say(words);

export function Shell() {
  const here = session.value;
  useEffect(() => {
    if (!here?.logged_in) return undefined;
    listen();
    return stop;
  }, [here?.logged_in]);
  if (!here) return <main class="gate"><span class="unseen" role="status">{t("wait")}</span></main>;
  return <>{here.logged_in ? <Frame /> : <Login />}<Toasts /></>;
}

function Frame() {
  const open = useSignal(false);
  const page = useComputed(() => PAGES.find((each) => each.path === place.value.page) ?? null);
  const main = useRef<HTMLElement>(null), shown = useRef(place.value.page);
  useEffect(() => {
    document.title = page.value ? `${text(page.value.title)} · ccr` : "ccr";
    open.value = false;
    if (shown.current !== place.value.page) main.current?.focus({ preventScroll: true });
    shown.current = place.value.page;
  }, [place.value.page, language.value]);
  return (
    <div class="shell">
      <a class="skip" href="#page">{t("skip")}</a>
      <header class="top">
        <Brand />
        <IconButton icon={open.value ? "close" : "menu"} label={t("menu")} aria-expanded={open.value} aria-controls="menu"
          onClick={() => { open.value = !open.value; }} />
      </header>
      <aside class={`side ${open.value ? "open" : ""}`} id="menu">
        <Brand />
        <nav aria-label={t("pages")}>
          {PAGES.map((each) => (
            <a key={each.name} href={href(each.path)} aria-current={each.path === place.value.page ? "page" : undefined}>
              <Icon name={each.icon} /><span>{text(each.title)}</span>
              {each.path === "" && status.value?.rules === "stale" ? <span class="mark" title={t("stale")}><span class="unseen">{t("stale")}</span></span> : null}
            </a>
          ))}
        </nav>
        <Foot />
      </aside>
      <main id="page" tabIndex={-1} ref={main}>
        {page.value ? <Loaded key={page.value.name} load={page.value.load} /> : (
          <Empty title={t("nowhere")}><a class="button plain" href={href("")}>{t("home")}</a></Empty>
        )}
      </main>
    </div>
  );
}

function Brand() {
  return <a class="brand" href={href("")}><span class="logo" aria-hidden="true"><Icon name="routing" size={18} /></span>ccr</a>;
}

function Foot() {
  const choosing = useSignal(false), open = session.value?.password === "none";
  const lost = stream.value === "lost";
  const leave = () => void call("DELETE /session").then((said) => { session.value = said; }, (error: Error) => { tell(error.message, "bad"); });
  return (
    <div class="foot">
      <State tone={lost ? "bad" : stream.value === "live" ? "good" : "calm"}>{t(stream.value)}</State>
      {open ? <Button class="small" icon="keys" onClick={() => { choosing.value = true; }}>{t("choose")}</Button> : null}
      {open && choosing.value ? <Dialog title={t("choose")} onClose={() => { choosing.value = false; }}><First /></Dialog> : null}
      <Choices />
      <div class="row"><span class="version">{status.value ? `ccr ${status.value.version}` : ""}</span>
        <Button look="quiet" class="small" icon="leave" onClick={leave}>{t("leave")}</Button></div>
    </div>
  );
}

/** Theme and language, as two small selects. */
export function Choices() {
  return (
    <div class="choices">
      <select aria-label={t("theme")} value={theme.value} onChange={(event) => { chooseTheme(event.currentTarget.value as Theme); }}>
        {THEMES.map((each) => <option key={each} value={each}>{t(each)}</option>)}
      </select>
      <select aria-label={t("language")} value={language.value} onChange={(event) => { chooseLanguage(event.currentTarget.value as Language); }}>
        {Object.entries(LANGUAGES).map(([id, name]) => <option key={id} value={id} lang={id}>{name}</option>)}
      </select>
    </div>
  );
}

/** A page, fetched when it is first shown. */
function Loaded({ load }: { load: () => Promise<{ default: ComponentType }> }) {
  const found = useSignal<{ Page: ComponentType } | "broken" | null>(null);
  useEffect(() => { load().then((module) => { found.value = { Page: module.default }; }, () => { found.value = "broken"; }); }, [load]);
  if (found.value === "broken") {
    return <Empty icon="error" title={t("broken")}><Button onClick={() => { location.reload(); }}>{t("reload")}</Button></Empty>;
  }
  return found.value ? <found.value.Page /> : <div class="page"><Waiting lines={4} /></div>;
}

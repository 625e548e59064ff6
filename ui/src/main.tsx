// Begins: language and theme before anything is shown, then who is here, then the shell.
import { render } from "preact";
import { call, session } from "./api/client";
import { tell } from "./parts/toast";
import { go, href, startRouter } from "./router";
import { Shell } from "./shell";
import { chooseTheme } from "./theme";
import { chooseLanguage } from "./words";
import "virtual:styles";

chooseTheme();
chooseLanguage();
startRouter();

async function begin(): Promise<void> {
  // The address that `ccr ui` opens carries a code behind `#`, which no server log sees; it is used up at once.
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code) go(location.pathname + location.search, "replace");
  try {
    session.value = await call("GET /session");
    if (code && !session.value.logged_in) session.value = await call("POST /session", { body: { code } });
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error), "bad");
    session.value ??= { logged_in: false, seal: "", password: "chosen", may_choose: false, version: "" };
  }
  if (location.pathname === href("")) history.replaceState(null, "", href(""));
}

const root = document.getElementById("app");
if (root) render(<Shell />, root);
void begin();

// Buttons, and one that copies.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { say } from "../words";
import { Icon } from "./icon";

export const words = {
  copy: { en: "Copy", zh: "复制" },
  copied: { en: "Copied", zh: "已复制" },
  failed: { en: "Copying failed: select the text", zh: "复制失败，请手动选择文本" },
};
const t = say(words);

type Look = "primary" | "plain" | "quiet" | "danger";
interface Props extends Omit<JSX.IntrinsicElements["button"], "icon"> {
  look?: Look;
  icon?: string;
  busy?: boolean;
  children?: ComponentChildren;
}

export function Button({ look = "plain", icon, busy = false, children, class: more, disabled, ...rest }: Props) {
  return (
    <button type="button" {...rest} class={`button ${look} ${String(more ?? "")}`} disabled={Boolean(disabled) || busy} aria-busy={busy}>
      {busy ? <span class="spinner" aria-hidden="true" /> : icon ? <Icon name={icon} size={18} /> : null}
      {children}
    </button>
  );
}

/** A button of an icon alone; `label` is what it does, for everybody who does not see it. */
export function IconButton({ icon, label, ...rest }: Props & { icon: string; label: string }) {
  return <Button look="quiet" class="square" icon={icon} aria-label={label} title={label} {...rest} />;
}

/** `bare`: an icon alone, where there are many. */
export function Copy({ text, label, bare = false }: { text: string; label?: string; bare?: boolean }) {
  const [done, setDone] = useState<"" | "copied" | "failed">("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone("copied");
    } catch {
      setDone("failed");
    }
    setTimeout(() => { setDone(""); }, 2000);
  };
  const told = done ? t(done) : (label ?? t("copy"));
  if (bare) return <IconButton icon={done === "copied" ? "check" : "copy"} label={`${told}: ${text}`} onClick={() => void copy()} />;
  return (
    <Button look="quiet" class="small" icon={done === "copied" ? "check" : "copy"} onClick={() => void copy()}>
      <span aria-live="polite">{told}</span>
    </Button>
  );
}

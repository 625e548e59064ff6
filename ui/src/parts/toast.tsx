// Short words in the corner that something was done or failed. What failed stays until it is closed.
import { signal } from "@preact/signals";
import { say } from "../words";
import type { Tone } from "./card";
import { IconButton } from "./button";
import { Icon } from "./icon";

export const words = { close: { en: "Close this message", zh: "关闭此消息" } };
const t = say(words);

interface Toast { id: number; tone: Tone; text: string }
const toasts = signal<readonly Toast[]>([]);
let last = 0;

export function tell(text: string, tone: Tone = "good"): void {
  const id = (last += 1);
  toasts.value = [...toasts.value, { id, tone, text }].slice(-4);
  if (tone === "good" || tone === "calm") setTimeout(() => { close(id); }, 5000);
}

function close(id: number): void {
  toasts.value = toasts.value.filter((each) => each.id !== id);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((each) => (
        <div key={each.id} class={`toast ${each.tone}`}>
          <Icon name={each.tone === "bad" ? "error" : each.tone === "warn" ? "warning" : "check"} />
          <span>{each.text}</span>
          <IconButton icon="close" label={t("close")} onClick={() => { close(each.id); }} />
        </div>
      ))}
    </div>
  );
}

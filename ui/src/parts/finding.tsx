// A finding as `ccr check` tells it: words, place, the line with its mark, help, and the fix as a button.
import type { Finding } from "../api/types";
import { say } from "../words";
import { Button } from "./button";
import { Badge, type Tone } from "./card";
import { Icon } from "./icon";

export const words = {
  error: { en: "Error", zh: "错误" },
  warning: { en: "Warning", zh: "警告" },
  note: { en: "Note", zh: "提示" },
  line: { en: "line {line}", zh: "第 {line} 行" },
  more: { en: "As on the terminal", zh: "终端中的样子" },
};
const t = say(words);
const TONES: Readonly<Record<string, Tone>> = { error: "bad", warning: "warn", note: "calm" };

export function FindingView({ finding, onFix, busy = false }: { finding: Finding; onFix?: (finding: Finding) => void; busy?: boolean }) {
  const tone = TONES[finding.severity] ?? "calm";
  return (
    <article class={`finding ${tone}`}>
      <Icon name={finding.severity} />
      <div>
        <p class="said"><Coded text={finding.message} /></p>
        <p class="where">
          <Badge tone={tone}>{t(finding.severity as keyof typeof words)} {finding.code}</Badge>
          <span class="code">{finding.file}</span> <span>{t("line", { line: finding.range.start.line })}</span>
        </p>
        {finding.label ? <p><Coded text={finding.label} /></p> : null}
        {finding.labels.map((each) => <p key={`${each.file} ${each.range.start.byte}`} class="help"><Coded text={each.text} /> <span class="code">{each.file.split("/").pop()}:{each.range.start.line}</span></p>)}
        {finding.notes.map((each) => <p key={each}><Coded text={each} /></p>)}
        {finding.help ? <p class="help"><Coded text={finding.help} /></p> : null}
        {finding.fix && onFix ? <Button icon="check" class="small" busy={busy} onClick={() => { onFix(finding); }}><span><Coded text={finding.fix.title} /></span></Button> : null}
      </div>
    </article>
  );
}

/** What was printed, with its carets: nothing of it can get lost. */
export function Printed({ text }: { text: string }) {
  return <details class="printed"><summary>{t("more")}</summary><pre class="code" tabIndex={0}>{text}</pre></details>;
}

/** A sentence in which code stands between backticks. */
export function Coded({ text }: { text: string }) {
  return <>{text.split(/`([^`]+)`/).map((part, at) => (at % 2 ? <code key={at}>{part}</code> : part))}</>;
}

// Saving: what the text would change is shown first; two windows with one file end in a question, never in a loss.
import { useEffect, useState } from "preact/hooks";
import { asRefusal } from "../api/asked";
import { call, seen, type Refusal } from "../api/client";
import type { Compared, Finding } from "../api/types";
import { Button, Copy } from "../parts/button";
import { State, Waiting } from "../parts/card";
import { Dialog } from "../parts/dialog";
import { DifferenceView } from "../parts/difference";
import { FindingView } from "../parts/finding";
import { compared as linesOf, Lines } from "../parts/lines";
import { tell } from "../parts/toast";
import { say } from "../words";
import { put, type Draft } from "./drafts";

export const words = {
  title: { en: "Save {name}?", zh: "保存 {name}？" },
  broken: { en: "This would not load", zh: "此内容无法加载" },
  brokenHelp: { en: "Saved all the same, requests go on under the rules of before until it is mended.", zh: "如果仍然保存，在修复之前请求会继续使用之前的规则。" },
  none: { en: "Nothing is written that is not there already.", zh: "内容与现有文件相同。" },
  save: { en: "Save", zh: "保存" },
  saveBroken: { en: "Save all the same", zh: "仍然保存" },
  cancel: { en: "Cancel", zh: "取消" },
  saved: { en: "Saved and live", zh: "已保存并生效" },
  savedBroken: { en: "Saved, but it does not load: older rules stay in force", zh: "已保存，但无法加载：旧规则继续生效" },
  copied: { en: "before: {backup}", zh: "备份：{backup}" },
  meanwhile: { en: "The rules changed meanwhile: look at the difference again", zh: "规则在此期间有变化：请重新查看差异" },
  conflict: { en: "{name} was changed elsewhere", zh: "{name} 已在别处修改" },
  gone: { en: "{name} was removed elsewhere", zh: "{name} 已在别处删除" },
  conflictLead: { en: "Another window or an editor saved it after you had read it. Nothing is lost: yours is still here. Below is what yours has (+) and what is on the disk (-).", zh: "在您读取之后，另一窗口或编辑器保存了此文件。您的内容仍在。下面 + 为您的内容，- 为磁盘上的内容。" },
  theirs: { en: "Take what is on the disk", zh: "采用磁盘上的内容" },
  mine: { en: "Go on with mine", zh: "继续使用我的内容" },
  copyMine: { en: "Copy mine", zh: "复制我的内容" },
};
const t = say(words);

export function SaveDialog({ name, draft, onClose, onConflict }: {
  name: string; draft: Draft; onClose: () => void; onConflict: (refusal: Refusal) => void;
}) {
  const [found, setFound] = useState<Compared | null>(null), [at, setAt] = useState(""), [busy, setBusy] = useState(false);
  const look = () => call("POST /rules/compare", { body: { name, text: draft.text } })
    .then((said) => { setFound(said); setAt(seen.value); })
    .catch((error: unknown) => { tell(asRefusal(error).message, "bad"); onClose(); });
  useEffect(() => void look(), []);
  const errors = found?.findings.findings.filter((each) => each.severity === "error") ?? [];
  const save = async () => {
    setBusy(true);
    try {
      const saved = await call("PUT /rules/file", { body: { name, text: draft.text, seen: draft.seen, broken: errors.length > 0 }, seen: at });
      const copy = saved.backup ? ` · ${t("copied", { backup: saved.backup })}` : "";
      tell(`${t(saved.live ? "saved" : "savedBroken")}${copy}`, saved.live ? "good" : "warn");
      put(name, { seen: saved.version, base: draft.text, text: draft.text });
      onClose();
    } catch (error) {
      refused(asRefusal(error));
    } finally {
      setBusy(false);
    }
  };
  const refused = (refusal: Refusal) => {
    if (refusal.kind === "conflict" && refusal.more.version !== undefined) { onClose(); onConflict(refusal); return; }
    if (refusal.kind === "conflict" || refusal.kind === "broken") {
      tell(refusal.kind === "broken" ? refusal.message : t("meanwhile"), "warn");
      setFound(null);
      void look();
    } else tell(refusal.message, "bad");
  };
  const action = <Button look={errors.length ? "danger" : "primary"} busy={busy} disabled={!found} onClick={() => void save()}>{t(errors.length ? "saveBroken" : "save")}</Button>;
  return (
    <Dialog wide title={t("title", { name })} onClose={onClose} actions={<><Button onClick={onClose}>{t("cancel")}</Button>{action}</>}>
      {found ? <Told found={found} errors={errors} /> : <Waiting lines={3} />}
    </Dialog>
  );
}

function Told({ found, errors }: { found: Compared; errors: readonly Finding[] }) {
  return (
    <div class="rules-told">
      {errors.length ? <><State tone="bad">{t("broken")}</State><p class="help">{t("brokenHelp")}</p></> : null}
      {errors.map((each) => <FindingView key={`${each.code} ${each.range.start.byte}`} finding={each} />)}
      {found.difference ? <DifferenceView difference={found.difference} /> : null}
      {found.changed ? null : <p class="help">{t("none")}</p>}
    </div>
  );
}

/** What is on the disk now, and what the person wrote: which of them goes on is asked. */
export interface Clash { version: string; text: string }

export function ConflictDialog({ name, draft, theirs, onClose }: { name: string; draft: Draft; theirs: Clash; onClose: () => void }) {
  const choose = (text: string) => { put(name, { seen: theirs.version, base: theirs.text, text }); onClose(); };
  return (
    <Dialog wide title={t(theirs.version ? "conflict" : "gone", { name })} onClose={onClose} actions={<>
      <Copy text={draft.text} label={t("copyMine")} />
      {theirs.version ? <Button onClick={() => { choose(theirs.text); }}>{t("theirs")}</Button> : null}
      <Button look="primary" onClick={() => { choose(draft.text); }}>{t("mine")}</Button>
    </>}>
      <div class="rules-told"><p class="quiet">{t("conflictLead")}</p><Lines lines={linesOf(theirs.text, draft.text)} /></div>
    </Dialog>
  );
}

// Copies of what was overwritten: looked at, and put back.
import { useSignal } from "@preact/signals";
import { asRefusal, useAsked } from "../../api/asked";
import { call } from "../../api/client";
import { changes } from "../../api/live";
import type { Copy, Finding, Look } from "../../api/types";
import { count } from "../../numbers";
import { Button } from "../../parts/button";
import { Card, Empty, Table, Waiting } from "../../parts/card";
import { Dialog } from "../../parts/dialog";
import { FindingView } from "../../parts/finding";
import { tell } from "../../parts/toast";
import { language, say } from "../../words";
import { Lines } from "./changed";

export const words = {
  title: { en: "Copies", zh: "备份" },
  file: { en: "File", zh: "文件" },
  when: { en: "Made", zh: "时间" },
  size: { en: "Bytes", zh: "字节" },
  action: { en: "Action", zh: "操作" },
  look: { en: "Look", zh: "查看" },
  make: { en: "Copy all now", zh: "立即备份" },
  made: { en: "{n} files are copied", zh: "已备份 {n} 个文件" },
  nothing: { en: "There is nothing to copy yet", zh: "暂无可备份的文件" },
  none: { en: "No copies yet", zh: "暂无备份" },
  noneHelp: { en: "Before ccr overwrites a file of yours it keeps a copy, the newest fifty of each. They show here.", zh: "ccr 覆盖您的文件之前会保留备份，每个文件最多保留最近五十份，均显示在此。" },
  folder: { en: "They lie in {folder}.", zh: "保存于 {folder}。" },
  title1: { en: "{name} of {when}", zh: "{name}（{when}）" },
  differs: { en: "What putting it back changes", zh: "恢复后的变化" },
  same: { en: "It is the same as what is there now.", zh: "与当前内容相同。" },
  restore: { en: "Put it back", zh: "恢复" },
  restored: { en: "{name} is as it was, and in force", zh: "{name} 已恢复并生效" },
  cancel: { en: "Cancel", zh: "取消" },
  elsewhere: { en: "not put back here", zh: "不在此恢复" },
  failed: { en: "The copies could not be read", zh: "无法读取备份" },
  again: { en: "Try again", zh: "重试" },
};
const t = say(words);

/** `20261122-143000` as people read it. */
function moment(when: string): string {
  const found = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)/.exec(when);
  if (!found) return when;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number);
  return new Intl.DateTimeFormat(language.value === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "medium" }).format(new Date(year, month - 1, day, hour, minute, second));
}

export function Backups() {
  const asked = useAsked(() => call("GET /backups"), [changes.value]);
  const open = useSignal<Copy | null>(null), busy = useSignal(false);
  const make = async () => {
    busy.value = true;
    try {
      const { copies } = await call("POST /backups");
      tell(copies.length ? t("made", { n: copies.length }) : t("nothing"), copies.length ? "good" : "calm");
    } catch (error) {
      tell(asRefusal(error).message, "bad");
    }
    busy.value = false;
    asked.again();
  };
  const known = asked.value;
  if (asked.refused && !known) return <Empty icon="error" title={t("failed")}><p>{asked.refused.message}</p><Button onClick={asked.again}>{t("again")}</Button></Empty>;
  if (!known) return <Waiting lines={5} />;
  return (
    <Card title={t("title")} flush actions={<Button class="small" icon="copy" busy={busy.value} onClick={() => void make()}>{t("make")}</Button>}>
      {known.copies.length ? (
        <>
          <Table caption={t("title")} rows={known.copies} id={(each) => each.id} columns={[
            { name: t("file"), class: "wide", show: (each) => <strong>{each.name}</strong> },
            { name: t("when"), show: (each) => <span class="quiet">{moment(each.when)}</span> },
            { name: t("size"), number: true, show: (each) => count(each.size) },
            { name: t("action"), show: (each) => each.belongs ? <Button class="small" aria-label={`${t("look")}: ${each.id}`} onClick={() => { open.value = each; }}>{t("look")}</Button>
              : <span class="quiet">{t("elsewhere")}</span> },
          ]} />
          <p class="settings-note quiet below">{t("folder", { folder: known.folder })}</p>
        </>
      ) : <Empty icon="copy" title={t("none")}><p>{t("noneHelp")}</p></Empty>}
      {open.value ? <One copy={open.value} onClose={() => { open.value = null; }} onDone={asked.again} /> : null}
    </Card>
  );
}

function One({ copy, onClose, onDone }: { copy: Copy; onClose: () => void; onDone: () => void }) {
  const look = useAsked<Look>(() => call("GET /backups/{copy}", { path: { copy: copy.id } }), [copy.id]);
  const busy = useSignal(false), wrong = useSignal(""), findings = useSignal<readonly Finding[]>([]);
  const restore = async () => {
    busy.value = true;
    try {
      await call("POST /backups/{copy}", { path: { copy: copy.id } });
      tell(t("restored", { name: copy.name }));
      onDone();
      onClose();
    } catch (error) {
      const refusal = asRefusal(error);
      wrong.value = refusal.message;
      findings.value = refusal.more.findings?.findings ?? [];
      look.again();
    }
    busy.value = false;
  };
  const lines = look.value?.lines ?? [];
  return (
    <Dialog wide title={t("title1", { name: copy.name, when: moment(copy.when) })} onClose={onClose} actions={<>
      <Button onClick={onClose}>{t("cancel")}</Button>
      <Button look="primary" busy={busy.value} disabled={!lines.length} onClick={() => void restore()}>{t("restore")}</Button></>}>
      <div class="settings-made">
        {look.refused ? <p role="alert">{look.refused.message}</p> : !look.value ? <Waiting lines={4} />
          : lines.length ? <><p class="quiet">{t("differs")}</p><Lines lines={lines} label={t("differs")} /></> : <p>{t("same")}</p>}
        {wrong.value ? <p class="settings-wrong" role="alert">{wrong.value}</p> : null}
        {findings.value.map((each, at) => <FindingView key={at} finding={each} />)}
      </div>
    </Dialog>
  );
}

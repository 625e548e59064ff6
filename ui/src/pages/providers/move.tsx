// A provider given to somebody else, without its key; and one that was given taken in, after a look at it.
import { useSignal } from "@preact/signals";
import { call } from "../../api/client";
import { useAsked } from "../../api/asked";
import { Button } from "../../parts/button";
import { Empty, Waiting } from "../../parts/card";
import { Code } from "../../parts/code";
import { Dialog } from "../../parts/dialog";
import { Area } from "../../parts/field";
import { tell } from "../../parts/toast";
import { say } from "../../words";
import { Refused, useDoing } from "./doing";

const words = {
  export: { en: "Give {name} to somebody", zh: "导出 {name}" },
  exportLead: { en: "The provider as a block of rules, without its key. Whoever takes it gives a key of their own.", zh: "以规则块形式导出，不含密钥。导入者需使用自己的密钥。" },
  download: { en: "Download", zh: "下载" },
  import: { en: "Take a provider in", zh: "导入提供商" },
  importLead: { en: "Paste a block that somebody gave you, or choose its file. Look at the address: your requests will go there.", zh: "粘贴他人提供的块，或选择文件。请检查地址：你的请求会发往那里。" },
  file: { en: "Choose a file", zh: "选择文件" },
  block: { en: "Block", zh: "规则块" },
  take: { en: "Take it in", zh: "导入" },
  taken: { en: "{name} is there; give it a key if it needs one", zh: "{name} 已导入，如需密钥请填写" },
};
const t = say(words);

export function Export({ name, onClose }: { name: string; onClose: () => void }) {
  const asked = useAsked(() => call("GET /providers/{name}/export", { path: { name } }), [name]);
  const save = (text: string) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = `provider-${name}.ccr`;
    link.click();
    setTimeout(() => { URL.revokeObjectURL(link.href); }, 1000);
  };
  return (
    <Dialog title={t("export", { name })} onClose={onClose}
      actions={asked.value ? <Button look="primary" onClick={() => { save(asked.value?.text ?? ""); }}>{t("download")}</Button> : null}>
      <div class="providers-stack">
        <p class="quiet">{t("exportLead")}</p>
        {asked.value ? <Code text={asked.value.text.trimEnd()} /> : asked.refused ? <Empty icon="error" title={asked.refused.message} /> : <Waiting />}
      </div>
    </Dialog>
  );
}

export function Import({ onClose, again }: { onClose: () => void; again: () => void }) {
  const typed = useSignal(""), doing = useDoing(again);
  const take = async () => {
    const done = await call("POST /providers/import", { body: { text: typed.value } });
    tell(t("taken", { name: done.name }));
    again();
    onClose();
  };
  return (
    <Dialog title={t("import")} onClose={onClose} wide>
      <form onSubmit={(event) => { event.preventDefault(); doing.run(take); }}>
        <p class="quiet">{t("importLead")}</p>
        <label class="button plain providers-file">{t("file")}
          <input class="unseen" type="file" accept=".ccr,text/plain" onChange={(event) => { void event.currentTarget.files?.[0]?.text().then((text) => { typed.value = text; }); }} /></label>
        <Area label={t("block")} rows={8} spellcheck={false} class="input code" value={typed.value} placeholder={'provider mine {\n  url = "https://…/v1"\n}'}
          onInput={(event) => { typed.value = event.currentTarget.value; }} />
        <Refused refused={doing.refused} />
        <div class="actions"><Button look="primary" type="submit" busy={doing.busy} disabled={!typed.value.trim()}>{t("take")}</Button></div>
      </form>
    </Dialog>
  );
}

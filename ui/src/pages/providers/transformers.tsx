// What a provider's block uses on its way there and back, in order, each with its options.
import { useSignal } from "@preact/signals";
import { call } from "../../api/client";
import { useAsked } from "../../api/asked";
import type { Provider, Usable } from "../../api/types";
import { Button, IconButton } from "../../parts/button";
import { Empty, Waiting } from "../../parts/card";
import { Dialog } from "../../parts/dialog";
import { Field, Select } from "../../parts/field";
import { Coded } from "../../parts/finding";
import { tell } from "../../parts/toast";
import { say } from "../../words";
import { Refused, useDoing } from "./doing";

const words = {
  title: { en: "Transformers of {name}", zh: "{name} 的转换器" },
  lead: { en: "Rewrites of requests and answers, in this order. An option that is left empty is not said.", zh: "按此顺序改写请求与应答；留空的选项不会写入。" },
  none: { en: "Nothing is rewritten", zh: "没有改写" },
  noneHelp: { en: "Most providers need none: how each is spoken to is known.", zh: "大多数提供商不需要，其协议已知。" },
  more: { en: "Add a transformer", zh: "添加转换器" },
  choose: { en: "Choose…", zh: "选择…" },
  remove: { en: "Remove {name}", zh: "移除 {name}" },
  up: { en: "Move {name} up", zh: "上移 {name}" },
  any: { en: "Options, one a line: name = value", zh: "选项，每行一个：名称 = 值" },
  unsaid: { en: "not said", zh: "未设置" },
  yes: { en: "yes", zh: "是" },
  no: { en: "no", zh: "否" },
  save: { en: "Save", zh: "保存" },
  saved: { en: "Saved; requests that begin now are rewritten so", zh: "已保存，之后的请求按此改写" },
};
const t = say(words);

interface Row { name: string; said: Readonly<Record<string, string>> }

export function Transformers({ provider, onClose, again }: { provider: Provider; onClose: () => void; again: () => void }) {
  const known = useAsked(() => call("GET /transformers")), doing = useDoing(again), { name } = provider;
  const rows = useSignal<readonly Row[]>(provider.uses.map((each) => ({ name: each.name, said: each.arguments })));
  const save = async () => {
    const uses = rows.value.map((each) => ({ name: each.name, arguments: Object.fromEntries(Object.entries(each.said).filter(([, value]) => value.trim())) }));
    await call("PUT /providers/{name}/transformers", { path: { name }, body: { uses } });
    tell(t("saved"));
    again();
    onClose();
  };
  const put = (at: number, row: Row) => { rows.value = rows.value.map((each, number) => (number === at ? row : each)); };
  const up = (at: number) => { rows.value = rows.value.map((each, number, all) => (number === at ? all[at - 1] ?? each : number === at - 1 ? all[at] ?? each : each)); };
  const all = known.value?.transformers ?? [];
  return (
    <Dialog title={t("title", { name })} onClose={onClose} wide>
      <form onSubmit={(event) => { event.preventDefault(); doing.run(save); }}>
        <p class="quiet">{t("lead")}</p>
        {!known.value ? <Waiting /> : rows.value.length ? (
          <ol class="providers-uses">
            {rows.value.map((row, at) => (
              <li key={`${row.name} ${at}`}>
                <div class="row"><strong class="code">{row.name}</strong>
                  <div class="actions">
                    {at ? <IconButton icon="up" label={t("up", { name: row.name })} onClick={() => { up(at); }} /> : null}
                    <IconButton icon="trash" label={t("remove", { name: row.name })} onClick={() => { rows.value = rows.value.filter((_, number) => number !== at); }} />
                  </div></div>
                <Options row={row} of={all.find((each) => each.name.toLowerCase() === row.name.toLowerCase())} onChange={(said) => { put(at, { ...row, said }); }} />
              </li>
            ))}
          </ol>
        ) : <Empty icon="routing" title={t("none")}><p>{t("noneHelp")}</p></Empty>}
        <Select label={t("more")} value="" options={[["", t("choose")], ...all.map((each): [string, string] => [each.name, each.name])]}
          onChange={(event) => { if (event.currentTarget.value) rows.value = [...rows.value, { name: event.currentTarget.value, said: {} }]; event.currentTarget.value = ""; }} />
        <Refused refused={doing.refused} />
        <div class="actions"><Button look="primary" type="submit" busy={doing.busy}>{t("save")}</Button></div>
      </form>
    </Dialog>
  );
}

function Options({ row, of, onChange }: { row: Row; of: Usable | undefined; onChange: (said: Row["said"]) => void }) {
  const set = (name: string, value: string) => { onChange({ ...row.said, [name]: value }); };
  return (
    <>
      {of?.doc ? <p class="help"><Coded text={of.doc.split("\n\n")[0] ?? ""} /></p> : null}
      {of && !of.arguments ? <Free row={row} onChange={onChange} /> : (
        <div class="providers-pair">
          {(of?.arguments ?? Object.keys(row.said).map((name) => ({ name, kind: "string" }))).map((each) => each.kind === "bool" ? (
            <Select key={each.name} label={each.name} value={row.said[each.name] ?? ""} options={[["", t("unsaid")], ["true", t("yes")], ["false", t("no")]]}
              onChange={(event) => { set(each.name, event.currentTarget.value); }} />
          ) : (
            <Field key={each.name} label={each.name} value={row.said[each.name] ?? ""} placeholder={t("unsaid")}
              {...(each.kind === "int" || each.kind === "number" ? { type: "number", step: each.kind === "int" ? 1 : "any" } : {})}
              onInput={(event) => { set(each.name, event.currentTarget.value); }} />
          ))}
        </div>
      )}
    </>
  );
}

function Free({ row, onChange }: { row: Row; onChange: (said: Row["said"]) => void }) {
  const typed = useSignal(Object.entries(row.said).map(([name, value]) => `${name} = ${value}`).join("\n"));
  const read = (text: string) => {
    typed.value = text;
    onChange(Object.fromEntries(text.split("\n").map((line) => line.split(/\s*=\s*/, 2)).filter(([name, value]) => name?.trim() && value?.trim()).map(([name = "", value = ""]) => [name.trim(), value.trim()])));
  };
  return (
    <label class="field"><span class="help">{t("any")}</span>
      <textarea class="input code" rows={3} value={typed.value} onInput={(event) => { read(event.currentTarget.value); }} /></label>
  );
}

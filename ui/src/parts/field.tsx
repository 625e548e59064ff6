// Fields with a label, help below, and what is wrong; tabs.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

interface Said {
  label: string;
  help?: ComponentChildren;
  wrong?: string | undefined;
}

/** `list`: the id of a datalist. */
export function Field({ label, help, wrong, ...rest }: Said & { list?: string } & Omit<JSX.IntrinsicElements["input"], "label">) {
  return <Labelled {...{ label, help, wrong }} of={(ids) => <input class="input" {...(rest as JSX.IntrinsicElements["input"])} {...ids} />} />;
}

export function Area({ label, help, wrong, ...rest }: Said & Omit<JSX.IntrinsicElements["textarea"], "label" | "wrap">) {
  return <Labelled {...{ label, help, wrong }} of={(ids) => <textarea class="input" rows={6} {...rest} {...ids} />} />;
}

export function Select({ label, help, wrong, options, ...rest }: Said & { options: readonly (readonly [value: string, text: string])[] } & Omit<JSX.IntrinsicElements["select"], "label" | "options">) {
  return (
    <Labelled {...{ label, help, wrong }} of={(ids) => (
      <select class="input" {...(rest as JSX.IntrinsicElements["select"])} {...ids}>{options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}</select>
    )} />
  );
}

interface Ids { id: string; "aria-describedby"?: string; "aria-invalid"?: boolean }

function Labelled({ label, help, wrong, of }: Said & { of: (ids: Ids) => ComponentChildren }) {
  const id = useId();
  const told = help || wrong ? `${id}-told` : undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {of({ id, ...(told ? { "aria-describedby": told } : {}), ...(wrong ? { "aria-invalid": true } : {}) })}
      {told ? <div id={told} class={wrong ? "wrong" : "help"} role={wrong ? "alert" : undefined}>{wrong ?? help}</div> : null}
    </div>
  );
}

export interface Tab { id: string; name: string; count?: number }

/** Tabs by the pattern of the ARIA guide: arrows move, one stop for the Tab key. */
export function Tabs({ label, tabs, chosen, onChoose, children }: {
  label: string; tabs: readonly Tab[]; chosen: string; onChoose: (id: string) => void; children: ComponentChildren;
}) {
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  // On a phone the row of tabs is longer than the screen. The row alone is moved: the page stays where the person is.
  useEffect(() => {
    const row = list.current, tab = row?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (row && tab) row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.clientWidth) / 2;
  }, [chosen]);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = (tabs.findIndex((each) => each.id === chosen) + step + tabs.length) % tabs.length;
    onChoose(tabs[at]?.id ?? chosen);
    list.current?.querySelectorAll("button")[at]?.focus();
  };
  return (
    <div class="tabs">
      <div role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map((each) => (
          <button key={each.id} type="button" role="tab" id={`${id}-${each.id}`} aria-selected={each.id === chosen}
            aria-controls={`${id}-panel`} tabIndex={each.id === chosen ? 0 : -1} onClick={() => { onChoose(each.id); }}>
            {each.name}{each.count === undefined ? null : <span class="count">{each.count}</span>}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`}>{children}</div>
    </div>
  );
}

/** A box to tick, its words beside it. */
export function Check({ label, help, checked, disabled = false, onChange }: {
  label: string; help?: ComponentChildren; checked: boolean; disabled?: boolean; onChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <div class="check">
      <input type="checkbox" id={id} checked={checked} disabled={disabled} onChange={(event) => { onChange(event.currentTarget.checked); }} {...(help ? { "aria-describedby": `${id}-told` } : {})} />
      <label for={id}>{label}</label>
      {help ? <div id={`${id}-told`} class="help">{help}</div> : null}
    </div>
  );
}

// What pages are made of: a head, cards, figures, badges, tables, and what stands where nothing is yet.
import type { ComponentChildren } from "preact";
import { say } from "../words";
import { Icon } from "./icon";

export const words = { wait: { en: "Loading", zh: "加载中" } };
const t = say(words);

export type Tone = "good" | "warn" | "bad" | "calm" | "accent";

/** The head of a page: its name, one sentence, and what can be done. */
export function Head({ title, children, actions }: { title: string; children?: ComponentChildren; actions?: ComponentChildren }) {
  return (
    <header class="head">
      <div><h1>{title}</h1>{children ? <p class="lead">{children}</p> : null}</div>
      {actions ? <div class="actions">{actions}</div> : null}
    </header>
  );
}

export function Card({ title, actions, children, class: more = "", flush = false }: {
  title?: ComponentChildren; actions?: ComponentChildren; children?: ComponentChildren; class?: string; flush?: boolean;
}) {
  return (
    <section class={`card ${flush ? "flush" : ""} ${more}`}>
      {title || actions ? <div class="card-head">{title ? <h2>{title}</h2> : <span />}{actions}</div> : null}
      {children}
    </section>
  );
}

/** A number that counts, its name above it and what explains it below. */
export function Figure({ name, value, children }: { name: string; value: ComponentChildren; children?: ComponentChildren }) {
  return <div class="figure"><div class="name">{name}</div><div class="value">{value}</div><div class="under">{children}</div></div>;
}

export function Badge({ tone = "calm", children, title }: { tone?: Tone; children: ComponentChildren; title?: string }) {
  return <span class={`badge ${tone}`} title={title}>{children}</span>;
}

/** A dot and a word: never a colour alone. */
export function State({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`state ${tone}`}><span class="dot" aria-hidden="true" />{children}</span>;
}

/** Where nothing is yet: what would be here, and what to do so that it is. */
export function Empty({ icon = "note", title, children }: { icon?: string; title: string; children?: ComponentChildren }) {
  return <div class="empty"><Icon name={icon} size={28} /><h3>{title}</h3><div>{children}</div></div>;
}

/** Grey lines in the place of what is coming. */
export function Waiting({ lines = 3 }: { lines?: number }) {
  return <div class="waiting" role="status" aria-label={t("wait")}>{Array.from({ length: lines }, (_, at) => <span key={at} />)}</div>;
}

/** A row that opens by a click or by Enter. */
function opening(open: () => void) {
  const pressed = (event: KeyboardEvent) => { if (event.key === "Enter" && event.target === event.currentTarget) open(); };
  return { class: "opens", tabIndex: 0, onClick: open, onKeyDown: pressed };
}

export interface Column<T> {
  name: string;
  /** What stands in the cell. */
  show: (row: T) => ComponentChildren;
  /** Numbers stand at the right. */
  number?: boolean;
  class?: string;
}

/** A table; on a phone each row is a block with the columns' names. */
export function Table<T>({ caption, columns, rows, id, onOpen }: {
  caption: string; columns: readonly Column<T>[]; rows: readonly T[]; id: (row: T) => string; onOpen?: (row: T) => void;
}) {
  return (
    <div class="table-room" tabIndex={0} role="region" aria-label={caption}>
      <table class="table">
        <caption class="unseen">{caption}</caption>
        <thead><tr>{columns.map((each) => <th key={each.name} scope="col" class={each.number ? "number" : ""}>{each.name}</th>)}</tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={id(row)} {...(onOpen ? opening(() => { onOpen(row); }) : {})}>
              {columns.map((each) => (
                <td key={each.name} data-name={each.name} class={`${each.number ? "number" : ""} ${each.class ?? ""}`}>{each.show(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// CodeMirror for rule files: colours from the server's word lists, findings from the server while typing, fixes at hand.
import { acceptCompletion, autocompletion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, StreamLanguage, syntaxHighlighting, type StreamParser, type StringStream } from "@codemirror/language";
import { linter, lintGutter, lintKeymap, type Diagnostic } from "@codemirror/lint";
import { EditorState, type Text } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
import { Tag } from "@lezer/highlight";
import { call } from "../api/client";
import type { Colours, Edit, Finding, Position, Shape } from "../api/types";
import type { EditorProps } from "./editor";

export interface Surface {
  element: HTMLElement;
  /** Replaces the text, if it is another. */
  show: (text: string) => void;
  close: () => void;
}

let colours: Promise<Colours> | null = null;

/** An editor that asks `props` anew each time it needs one of them. */
export async function open(props: () => EditorProps): Promise<Surface> {
  const given = props();
  colours ??= call("GET /language");
  const table = given.language === "plain" ? null : await colours.catch(() => { colours = null; return null; });
  let showing = false;
  const view = new EditorView({
    doc: given.value,
    extensions: [
      EditorView.cspNonce.of(document.querySelector<HTMLMetaElement>('meta[name="ccr-nonce"]')?.content ?? ""),
      lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), highlightActiveLine(),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": given.label, tabindex: "0", spellcheck: "false", autocapitalize: "off" }),
      EditorState.readOnly.of(given.readOnly ?? false),
      keymap.of([
        { key: "Mod-s", run: () => { props().onSave?.(); return true; } },
        { key: "Tab", run: acceptCompletion },
        ...lintKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab,
      ]),
      EditorView.updateListener.of((update) => { if (update.docChanged && !showing) props().onChange?.(update.state.doc.toString()); }),
      ...(table ? [StreamLanguage.define(parser(table)), syntaxHighlighting(STYLE)] : []),
      ...(given.check ? [lintGutter(), linter((editor) => check(editor, props), { delay: 300 })] : []),
      ...(given.complete ? [autocompletion({ override: [(context) => complete(context, props)], icons: false })] : []),
      ...(given.hover ? [hoverTooltip((editor, at) => hover(editor, at, props), { hoverTime: 250 })] : []),
    ],
  });
  return {
    element: view.dom,
    show: (text) => {
      if (text === view.state.doc.toString()) return;
      showing = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      showing = false;
    },
    close: () => { view.destroy(); },
  };
}

// ---- findings ---------------------------------------------------------------------------------------------------------

async function check(view: EditorView, props: () => EditorProps): Promise<Diagnostic[]> {
  const text = view.state.doc.toString();
  const found = await props().check?.(text).catch(() => []) ?? [];
  return found.filter((each) => each.file === (found[0]?.file ?? each.file)).map((each) => shown(each, view.state.doc));
}

function shown(finding: Finding, doc: Text): Diagnostic {
  const fix = finding.fix;
  return {
    ...stretch(finding.range, doc),
    severity: finding.severity === "note" ? "info" : finding.severity === "warning" ? "warning" : "error",
    source: finding.code,
    message: [finding.message, finding.label, ...finding.notes, finding.help ? `help: ${finding.help}` : ""].filter(Boolean).join("\n"),
    ...(fix ? { actions: [{ name: fix.title.replaceAll("`", ""), apply: (view: EditorView) => { apply(view, fix.edits, finding.file); } }] } : {}),
  };
}

function apply(view: EditorView, edits: readonly Edit[], file: string): void {
  const doc = view.state.doc;
  view.dispatch({ changes: edits.filter((each) => each.file === file).map((each) => ({ ...stretch(each.range, doc), insert: each.text })) });
}

/** Columns count code points; the editor counts UTF-16 units. */
function stretch(range: { start: Position; end: Position }, doc: Text): { from: number; to: number } {
  const from = offset(range.start, doc);
  return { from, to: Math.max(from, offset(range.end, doc)) };
}

function offset(place: Position, doc: Text): number {
  const line = doc.line(Math.min(Math.max(place.line, 1), doc.lines));
  return Math.min(line.from + [...line.text].slice(0, place.column - 1).join("").length, line.to);
}

// ---- words ------------------------------------------------------------------------------------------------------------

async function complete(context: CompletionContext, props: () => EditorProps): Promise<CompletionResult | null> {
  const before = context.matchBefore(/[\w./:-]+/);
  if (!before && !context.explicit) return null;
  const found = await props().complete?.(context.state.doc.toString(), context.pos);
  if (!found || context.aborted) return null;
  return { from: found.from, options: found.items.map((each) => ({ label: each.text, type: each.kind, ...(each.detail ? { detail: each.detail } : {}), ...(each.about ? { info: each.about } : {}) })), validFor: /^[\w./:-]*$/ };
}

async function hover(view: EditorView, at: number, props: () => EditorProps) {
  const found = await props().hover?.(view.state.doc.toString(), at);
  if (!found) return null;
  return { pos: found.from, end: found.to, create: () => {
    const dom = document.createElement("div");
    dom.className = "editor-hover";
    dom.textContent = found.text;
    return { dom };
  } };
}

// ---- colours ----------------------------------------------------------------------------------------------------------

interface State { inside: "" | "string" | "text"; waiting: { end: number; scope: string }[] }
interface Rule { test: RegExp; scopes: readonly string[] }

/** Scopes of the table, shortened to what has a colour of its own (`editor.css`). */
const KINDS = ["comment", "string", "constant", "keyword-other", "keyword-operator", "keyword", "entity", "variable-language", "variable-parameter", "variable", "support", "storage", "punctuation"] as const;
const TAGS: Record<string, Tag> = Object.fromEntries(KINDS.map((kind) => [kind, Tag.define()]));
const STYLE = HighlightStyle.define(KINDS.map((kind) => ({ tag: TAGS[kind] as Tag, class: `ccr-${kind}` })));

function kind(scope: string): string | null {
  const name = scope.replaceAll(".", "-");
  return KINDS.find((each) => name.startsWith(each)) ?? null;
}

function parser(table: Colours): StreamParser<State> {
  const rules = table.shapes.map(compiled), inner = table.inside.map(compiled);
  return {
    name: "ccr",
    startState: () => ({ inside: "", waiting: [] }),
    copyState: (state) => ({ inside: state.inside, waiting: [...state.waiting] }),
    token: (stream, state) => {
      if (stream.sol()) state.waiting = [];
      const next = state.waiting.shift();
      if (next) { stream.pos = next.end; return kind(next.scope); }
      if (state.inside) return within(stream, state, inner);
      if (stream.eatSpace()) return null;
      const opened = stream.match('"""') ? "text" : stream.match('"') ? "string" : "";
      if (opened) { state.inside = opened; return "string"; }
      for (const rule of rules) {
        const found = matched(rule, stream);
        if (found) return taken(rule, found, stream, state);
      }
      stream.next();
      return null;
    },
    tokenTable: TAGS,
    languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"'] } },
  };
}

function compiled(shape: Shape): Rule {
  return { test: new RegExp(shape.pattern, "y"), scopes: shape.scopes };
}

function matched(rule: Rule, stream: StringStream): RegExpExecArray | null {
  rule.test.lastIndex = stream.pos;
  const found = rule.test.exec(stream.string);
  return found?.[0] ? found : null;
}

/** The first group now, the others when it is their turn. */
function taken(rule: Rule, found: RegExpExecArray, stream: StringStream, state: State): string | null {
  if (rule.scopes.length === 1) { stream.pos += found[0].length; return kind(rule.scopes[0] ?? ""); }
  let end = stream.pos;
  state.waiting = rule.scopes.flatMap((scope, at) => {
    const length = found[at + 1]?.length ?? 0;
    end += length;
    return length ? [{ end, scope }] : [];
  });
  const first = state.waiting.shift();
  if (!first) { stream.next(); return null; }
  stream.pos = first.end;
  return kind(first.scope);
}

function within(stream: StringStream, state: State, rules: readonly Rule[]): string | null {
  if (state.inside === "text" ? stream.match('"""') : stream.match('"')) { state.inside = ""; return "string"; }
  for (const rule of rules) {
    const found = matched(rule, stream);
    if (found) { stream.pos += found[0].length; return kind(rule.scopes[0] ?? ""); }
  }
  stream.next();
  while (!stream.eol() && !/["\\{]/.test(stream.peek() ?? "")) stream.next();
  if (stream.eol() && state.inside === "string") state.inside = "";
  return "string";
}

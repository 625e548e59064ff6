// The editor of rule files: CodeMirror, in a chunk of its own that is fetched when the first editor is shown.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Finding } from "../api/types";
import { say } from "../words";
import { Waiting } from "./card";
import type { Surface } from "./codemirror";
import { tell } from "./toast";

export const words = {
  failed: { en: "The editor could not be loaded", zh: "编辑器加载失败" },
};
const t = say(words);

export interface Suggestion { text: string; kind: string; detail?: string; about?: string }
export interface EditorProps {
  /** What a screen reader calls it. */
  label: string;
  value: string;
  onChange?: (text: string) => void;
  /** Ctrl-S or ⌘S. */
  onSave?: () => void;
  readOnly?: boolean;
  /** Asked a moment after each change: what is wrong, to be shown where it stands, with its fix. */
  check?: (text: string) => Promise<readonly Finding[]>;
  /** Asked while typing: where the word begins, and what may stand there. Offsets in UTF-16 units. */
  complete?: (text: string, offset: number) => Promise<{ from: number; items: readonly Suggestion[] } | null>;
  /** What stands here, in words. */
  hover?: (text: string, offset: number) => Promise<{ from: number; to: number; text: string } | null>;
  /** "ccr" unless it is another text. */
  language?: "ccr" | "plain";
}

/** A controlled editor: a new `value` from outside replaces the text, one that it told itself does not. */
export function Editor(props: EditorProps) {
  const room = useRef<HTMLDivElement>(null), surface = useRef<Surface | null>(null), now = useRef(props);
  // What was told and has not come back as `value` yet: who types faster than the page draws is not set back.
  const told = useRef<string[]>([]);
  const [ready, setReady] = useState(false);
  now.current = props;
  useEffect(() => {
    let here = true;
    import("./codemirror").then(async ({ open }) => {
      const onChange = (text: string) => { told.current.push(text); now.current.onChange?.(text); };
      const made = await open(() => ({ ...now.current, onChange }));
      if (!here || !room.current) { made.close(); return; }
      room.current.append(made.element);
      surface.current = made;
      setReady(true);
    }).catch(() => { tell(t("failed"), "bad"); });
    return () => { here = false; surface.current?.close(); surface.current = null; };
  }, []);
  useEffect(() => {
    const at = told.current.lastIndexOf(props.value);
    if (at < 0) surface.current?.show(props.value);
    told.current = told.current.slice(at + 1);
  }, [props.value, ready]);
  return <div class="editor" ref={room}>{ready ? null : <Waiting lines={8} />}</div>;
}

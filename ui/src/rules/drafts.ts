// What a person has written and not saved yet, by file: it outlives a look at another page, and nothing replaces it unasked.
import { signal } from "@preact/signals";
import type { File } from "../api/types";

export interface Draft {
  /** The version and text that were read; "" for a file that is new. */
  seen: string;
  base: string;
  text: string;
}

export const drafts = signal<Readonly<Record<string, Draft>>>({});

export function isDirty(draft: Draft | undefined): boolean {
  return draft !== undefined && (draft.text !== draft.base || draft.seen === "");
}

export function write(name: string, text: string): void {
  const draft = drafts.value[name];
  if (draft && draft.text !== text) put(name, { ...draft, text });
}

export function put(name: string, draft: Draft): void {
  drafts.value = { ...drafts.value, [name]: draft };
}

export function drop(name: string): void {
  const { [name]: _, ...others } = drafts.value;
  drafts.value = others;
}

/** A file as it was read now. What is being written stays; whether the disk has something else meanwhile is answered. */
export function take(file: File): boolean {
  const draft = drafts.value[file.name];
  if (!draft || !isDirty(draft)) {
    put(file.name, { seen: file.version, base: file.text, text: file.text });
    return false;
  }
  if (draft.text === file.text) {
    put(file.name, { seen: file.version, base: file.text, text: file.text });
    return false;
  }
  return draft.seen !== file.version;
}

addEventListener("beforeunload", (event) => {
  if (Object.values(drafts.value).some((each) => isDirty(each))) event.preventDefault();
});

// ---- places -----------------------------------------------------------------------------------------------------------

/** The API counts code points, the editor UTF-16 units. */
export function points(text: string, units: number): number {
  return [...text.slice(0, units)].length;
}

export function units(text: string, count: number): number {
  return [...text].slice(0, count).join("").length;
}

/** Markdown as plain words, for the small boxes of the editor. */
export function plain(markdown: string): string {
  return markdown.replace(/^```\w*\n?/gm, "").replace(/\*\*|`/g, "").replace(/\n{3,}/g, "\n\n").replace(/^---$/gm, "").trim();
}

// Writes a finding's fix into the file it is about. The file is checked anew first: its places are those of the text that
// the API shows, in which words stand for keys.
import { call, Refusal } from "./api/client";
import type { Edit, Finding } from "./api/types";

/** Whether the rules are live afterwards. Throws Refusal. */
export async function mend(finding: Finding): Promise<boolean> {
  const { files, snapshot } = await call("GET /rules");
  const listed = files.find((each) => each.file === finding.file && each.writable);
  if (!listed) throw new Refusal(0, "elsewhere", `${finding.file} is not changed here: open it in an editor`);
  const file = await call("GET /rules/file", { query: { name: listed.name } });
  const checked = await call("POST /rules/check", { body: { name: file.name, text: file.text } });
  const same = checked.findings.find((each) => each.code === finding.code && each.message === finding.message && each.fix);
  if (!same?.fix) throw new Refusal(0, "gone", "the file has changed since: look at it again");
  const text = edited(file.text, same.fix.edits.filter((each) => each.file === finding.file));
  const saved = await call("PUT /rules/file", { body: { name: file.name, text, seen: file.version, broken: true }, seen: snapshot });
  return saved.live;
}

/** The text with the edits in it. Columns count code points, from 1. */
export function edited(text: string, edits: readonly Edit[]): string {
  const lines = text.split("\n").map((line) => [...line]);
  const at = (line: number, column: number) => lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  const points = [...text];
  const ordered = [...edits].sort((a, b) => at(b.range.start.line, b.range.start.column) - at(a.range.start.line, a.range.start.column));
  for (const { range, text: fresh } of ordered) {
    const start = at(range.start.line, range.start.column);
    points.splice(start, at(range.end.line, range.end.column) - start, ...fresh);
  }
  return points.join("");
}

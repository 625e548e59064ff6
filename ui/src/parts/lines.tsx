// Lines that come and lines that go, each with its sign: never a colour alone.
import { say } from "../words";

export const words = {
  name: { en: "Lines that change", zh: "变更的行" },
};
const t = say(words);

/** `lines` begin with `+`, `-` or a blank. */
export function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <pre class="lines code" tabIndex={0} aria-label={t("name")}>
      {lines.map((each, at) => <span key={at} class={each.startsWith("+") ? "new" : each.startsWith("-") ? "old" : ""}>{each}{"\n"}</span>)}
    </pre>
  );
}

/** The lines of two texts, those that are in both once; long stretches of these are left out. */
export function compared(before: string, after: string): string[] {
  const a = before.split("\n"), b = after.split("\n");
  const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      table[i]![j] = a[i] === b[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
    }
  }
  const told: string[] = [];
  let i = 0, j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { told.push(` ${a[i]}`); i += 1; j += 1; }
    else if (j >= b.length || (i < a.length && table[i + 1]![j]! >= table[i]![j + 1]!)) { told.push(`-${a[i]}`); i += 1; }
    else { told.push(`+${b[j]}`); j += 1; }
  }
  const near = told.map((_, at) => told.slice(Math.max(0, at - 2), at + 3).some((each) => !each.startsWith(" ")));
  return told.flatMap((each, at) => (near[at] ? [each] : near[at - 1] ? [" …"] : []));
}

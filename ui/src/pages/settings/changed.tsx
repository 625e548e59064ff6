// What changes in a file, line by line: what goes, what comes. Colour is never alone: each line begins with its sign.
export function Lines({ lines, label }: { lines: readonly string[]; label: string }) {
  return (
    <pre class="settings-lines" tabIndex={0} role="region" aria-label={label}>
      {lines.map((line, at) => <span key={at} class={line.startsWith("+") ? "comes" : line.startsWith("-") ? "goes" : ""}>{line || " "}{"\n"}</span>)}
    </pre>
  );
}

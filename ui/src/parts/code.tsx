// A piece of code that can be copied.
import { Copy } from "./button";

export function Code({ text }: { text: string }) {
  return <div class="snippet"><pre tabIndex={0}>{text}</pre><Copy text={text} /></div>;
}

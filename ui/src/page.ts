// What a page says of itself: `export const page = { … } satisfies Page`. build.mjs reads it without loading the page.
import type { Text } from "./words";

export interface Page {
  /** The address below /ui; "" is the first page. */
  path: string;
  title: Text;
  /** A name of `parts/icon.tsx`. */
  icon: string;
  /** Where it stands in the menu: 10 overview, 20 rules, 30 routing, 40 providers, 50 log, 60 usage, 70 test bench,
   *  80 commands, 90 settings, 100 reference. */
  order: number;
}

// The pages of src/pages, collected by build.mjs.
declare module "virtual:pages" {
  import type { ComponentType } from "preact";
  import type { Page } from "./page";
  export const PAGES: readonly (Page & { name: string; load: () => Promise<{ default: ComponentType }> })[];
}
declare module "virtual:styles";

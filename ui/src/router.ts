// The address is the state: `/ui/overview?x=1`. Links are plain links; going back works.
import { signal } from "@preact/signals";

export interface Place {
  /** The page's path, "" for the first one. */
  page: string;
  /** What follows it, between slashes. */
  rest: readonly string[];
  query: URLSearchParams;
}

export const PREFIX = "/ui";
export const place = signal<Place>({ page: "", rest: [], query: new URLSearchParams() });

function read(): Place {
  const [page = "", ...rest] = location.pathname.slice(PREFIX.length).split("/").filter(Boolean).map(decodeURIComponent);
  return { page, rest, query: new URLSearchParams(location.search) };
}

/** The address of a page: `href("log", ["req_1"], { kind: "main" })`. */
export function href(page: string, rest: readonly string[] = [], query: Record<string, string> = {}): string {
  const path = [PREFIX, page, ...rest.map(encodeURIComponent)].filter(Boolean).join("/");
  const asked = new URLSearchParams(query).toString();
  return asked ? `${path}?${asked}` : path;
}

export function go(address: string, how: "push" | "replace" = "push"): void {
  history[how === "push" ? "pushState" : "replaceState"](null, "", address);
  place.value = read();
  if (how === "push") scrollTo(0, 0);
}

/** Reads the address, and follows links of ours without loading anew. */
export function startRouter(): void {
  place.value = read();
  addEventListener("popstate", () => { place.value = read(); });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || link.target || link.hasAttribute("download") || event.defaultPrevented) return;
    if (link.origin !== location.origin || !(link.pathname === PREFIX || link.pathname.startsWith(`${PREFIX}/`))) return;
    if (link.pathname === location.pathname && link.search === location.search && link.hash) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}

// The only way to the API. Sends the seal of the session, and with what changes something the snapshot that was seen.
import { signal } from "@preact/signals";
import type { Findings, Operations, Session } from "./types";

/** Who is here; null until the first answer. */
export const session = signal<Session | null>(null);
/** The snapshot that what is shown was made from. */
export const seen = signal("");

type Name = keyof Operations;
type Sent<N extends Name> =
  & (Operations[N]["path"] extends undefined ? unknown : { path: Operations[N]["path"] })
  & (Operations[N]["query"] extends undefined ? unknown : { query: Operations[N]["query"] })
  & (Operations[N]["body"] extends undefined ? unknown : { body: Operations[N]["body"] })
  & { seen?: string; signal?: AbortSignal };

type Bare<N extends Name> = Operations[N] extends { path: undefined; query: undefined; body: undefined } ? true : false;

/** What the API refused, in its words. `kind` is for code: unauthorized, conflict, broken, not_found, … */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly kind: string,
    message: string,
    readonly more: { snapshot?: string; findings?: Findings; version?: string; text?: string; seconds?: number } = {},
  ) {
    super(message);
  }
}

/** One call: `await call("GET /rules/file", { query: { name } })`. Throws Refusal. */
export async function call<N extends Name>(
  name: N, ...[sent]: Bare<N> extends true ? [Sent<N>?] : [Sent<N>]
): Promise<Operations[N]["answer"]> {
  const given = (sent ?? {}) as Given;
  return read(await ask(name, given));
}

/** One whose answer goes on: `heard` is told each event. Ends with the answer, or when `signal` says so. Throws Refusal. */
export async function pour<N extends Name>(
  name: N, sent: Sent<N>, heard: (event: string, said: unknown) => void,
): Promise<void> {
  const answer = await ask(name, sent as Given);
  if (!answer.ok || !answer.body) return read(answer);
  const reader = answer.body.getReader(), letters = new TextDecoder();
  for (let rest = "", piece = await reader.read(); !piece.done; piece = await reader.read()) {
    const frames = (rest + letters.decode(piece.value, { stream: true })).split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) {
      const found = /^event: (\w+)\ndata: (.*)$/.exec(frame);
      if (found) heard(found[1] ?? "", JSON.parse(found[2] ?? "null"));
    }
  }
}

type Given = { path?: Record<string, string>; query?: Record<string, unknown>; body?: unknown; seen?: string; signal?: AbortSignal };

async function ask(name: string, given: Given): Promise<Response> {
  const [method = "GET", path = ""] = name.split(" ");
  const headers: Record<string, string> = {};
  if (method !== "GET") {
    if (session.value) headers["x-ccr-csrf"] = session.value.seal;
    headers["if-match"] = `"${given.seen ?? seen.value}"`;
    if (given.body !== undefined) headers["content-type"] = "application/json";
  }
  try {
    return await fetch(address(path, given), {
      method, headers, cache: "no-store",
      ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
      ...(given.signal ? { signal: given.signal } : {}),
    });
  } catch (error) {
    if (given.signal?.aborted) throw error;
    throw new Refusal(0, "unreachable", "ccr does not answer: is it running?");
  }
}

function address(path: string, given: { path?: Record<string, string>; query?: Record<string, unknown> }): string {
  const named = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(given.path?.[name] ?? ""));
  const said = Object.entries(given.query ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const query = new URLSearchParams(said.map(([key, value]): [string, string] => [key, String(value)])).toString();
  return `/api${named}${query ? `?${query}` : ""}`;
}

async function read(answer: Response): Promise<never> {
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok) {
    const tag = answer.headers.get("etag");
    if (tag) seen.value = tag.replaceAll('"', "");
    return body as never;
  }
  const { kind = "odd", message = `status ${answer.status}`, ...more } = ((body as { error?: object } | null)?.error ?? {}) as { kind?: string; message?: string };
  if (answer.status === 401 && kind === "unauthorized" && session.value?.logged_in) {
    session.value = { ...session.value, logged_in: false, seal: "" };
  }
  throw new Refusal(answer.status, kind, message, more);
}

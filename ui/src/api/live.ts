// The event stream as stores: what runs, what was asked, who rests. One stream for the whole application; a page reads
// the signals. After a break everything is asked anew, so nothing is missed.
import { signal } from "@preact/signals";
import { call, seen, session } from "./client";
import type { Findings, Rest, Status, Told } from "./types";

export type Stream = "connecting" | "live" | "lost";
export const stream = signal<Stream>("connecting");
export const status = signal<Status | null>(null);
/** When the rules in force were loaded, and when ccr was started: seconds since the epoch, by this machine's clock. */
export const loadedAt = signal(0);
export const startedAt = signal(0);
export const requests = signal<readonly Told[]>([]);
export const resting = signal<readonly Rest[]>([]);
/** Counts the changes of the rules in force: a page that shows them reads this to know when to ask again. */
export const changes = signal(0);

const KEPT = 200;
let source: EventSource | null = null;
let again = 0;

interface Failed { snapshot: string; at: number; fault: string; findings: Findings }
interface Changed { snapshot: string; previous: string | null; seconds: number; findings: Findings }

export async function refresh(): Promise<void> {
  const [now, rests] = await Promise.all([call("GET /status"), call("GET /health")]);
  loadedAt.value = Date.now() / 1000 - now.age;
  startedAt.value = Date.now() / 1000 - now.uptime;
  status.value = now;
  requests.value = now.recent;
  resting.value = rests.resting;
}

/** Listens for as long as somebody is logged in. */
export function listen(): void {
  if (source || !session.value?.logged_in) return;
  source = new EventSource("/api/events");
  on("hello", () => {
    stream.value = "live";
    void refresh().catch(() => undefined);
    changes.value += 1;
  });
  on<Told>("request", ended);
  on<{ resting: Rest[] }>("health", (said) => { resting.value = said.resting; });
  on<Failed>("failure", (said) => {
    if (status.value) status.value = { ...status.value, rules: "stale", failure: said };
  });
  on<Changed>("snapshot", (said) => {
    seen.value = said.snapshot;
    changes.value += 1;
    void refresh().catch(() => undefined);
  });
  source.onerror = () => {
    stream.value = "lost";
    if (source?.readyState !== EventSource.CLOSED) return;
    stop();
    again = window.setTimeout(() => void call("GET /session").then((said) => { session.value = said; listen(); }, listen), 2000);
  };
}

export function stop(): void {
  clearTimeout(again);
  source?.close();
  source = null;
}

function on<T>(name: string, heard: (said: T) => void): void {
  source?.addEventListener(name, (event) => { heard(JSON.parse((event as MessageEvent<string>).data) as T); });
}

function ended(said: Told): void {
  requests.value = [said, ...requests.value.filter((each) => each.id !== said.id)].slice(0, KEPT);
  const now = status.value;
  if (!now) return;
  const { today } = now;
  const known = said.saved !== null;
  status.value = { ...now, today: {
    requests: today.requests + 1,
    spend: today.spend + (said.cost ?? 0),
    week: today.week + (said.cost ?? 0),
    month: today.month + (said.cost ?? 0),
    saved: known ? (today.saved ?? 0) + (said.saved ?? 0) : today.saved,
    asked: today.asked + (known ? (said.cost ?? 0) + (said.saved ?? 0) : 0),
    logged: today.logged,
  } };
}

// Something that is asked of the API when a page is shown: loading, there, or refused.
import { useCallback, useEffect, useState } from "preact/hooks";
import { Refusal } from "./client";

export interface Asked<T> {
  value: T | null;
  refused: Refusal | null;
  busy: boolean;
  again: () => void;
}

/** Asks when it is first shown, and again when one of `on` changes. What was there stays until the answer comes. */
export function useAsked<T>(ask: () => Promise<T>, on: readonly unknown[] = []): Asked<T> {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<{ value: T | null; refused: Refusal | null; busy: boolean }>({ value: null, refused: null, busy: true });
  useEffect(() => {
    let here = true;
    setState((before) => ({ ...before, busy: true }));
    ask().then(
      (value) => { if (here) setState({ value, refused: null, busy: false }); },
      (error: unknown) => { if (here) setState((before) => ({ ...before, refused: asRefusal(error), busy: false })); },
    );
    return () => { here = false; };
  }, [round, ...on]);
  const again = useCallback(() => { setRound((number) => number + 1); }, []);
  return { ...state, again };
}

export function asRefusal(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal(0, "odd", error instanceof Error ? error.message : String(error));
}

// One thing that is being done: busy, refused in the words of the API with its findings, and what comes after.
import { useSignal } from "@preact/signals";
import type { Refusal } from "../../api/client";
import { asRefusal } from "../../api/asked";
import { FindingView } from "../../parts/finding";
import { Icon } from "../../parts/icon";

export interface Doing {
  busy: boolean;
  refused: Refusal | null;
  run: (act: () => Promise<void>) => void;
}

/** `changed`: called where somebody else was quicker, so that what is shown becomes what is there now. */
export function useDoing(changed?: () => void): Doing {
  const busy = useSignal(false), refused = useSignal<Refusal | null>(null);
  const run = async (act: () => Promise<void>) => {
    busy.value = true;
    refused.value = null;
    try {
      await act();
    } catch (error) {
      refused.value = asRefusal(error);
      if (refused.value.kind === "conflict") changed?.();
    }
    busy.value = false;
  };
  return { busy: busy.value, refused: refused.value, run: (act) => void run(act) };
}

export function Refused({ refused }: { refused: Refusal | null }) {
  if (!refused) return null;
  const wrong = refused.more.findings?.findings.filter((each) => each.severity === "error") ?? [];
  return (
    <div class="providers-refused" role="alert">
      <p><Icon name="error" size={18} /><span>{refused.message}</span></p>
      {wrong.map((each, at) => <FindingView key={at} finding={each} />)}
    </div>
  );
}

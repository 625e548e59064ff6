// A dialog: the browser's own, so that focus stays inside and Escape closes it.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { say } from "../words";
import { Button, IconButton } from "./button";

export const words = {
  close: { en: "Close", zh: "关闭" },
  cancel: { en: "Cancel", zh: "取消" },
};
const t = say(words);

export function Dialog({ title, onClose, children, actions, wide = false }: {
  title: string; onClose: () => void; children: ComponentChildren; actions?: ComponentChildren; wide?: boolean;
}) {
  const box = useRef<HTMLDialogElement>(null), id = useId();
  useEffect(() => { box.current?.showModal(); }, []);
  return (
    <dialog class={`dialog ${wide ? "wide" : ""}`} ref={box} aria-labelledby={id} onClose={onClose}
      onClick={(event) => { if (event.target === box.current) onClose(); }}>
      <div class="dialog-box">
        <div class="card-head"><h2 id={id}>{title}</h2><IconButton icon="close" label={t("close")} onClick={onClose} /></div>
        <div class="dialog-text">{children}</div>
        {actions ? <div class="actions">{actions}</div> : null}
      </div>
    </dialog>
  );
}

/** Asks before something is done that cannot be taken back. */
export function Confirm({ title, children, action, onClose, onConfirm }: {
  title: string; children: ComponentChildren; action: string; onClose: () => void; onConfirm: () => void;
}) {
  return (
    <Dialog title={title} onClose={onClose} actions={<>
      <Button onClick={onClose}>{t("cancel")}</Button>
      <Button look="danger" onClick={() => { onConfirm(); onClose(); }}>{action}</Button>
    </>}>{children}</Dialog>
  );
}

// Which model answers what: a card for each kind of request, models dragged onto it or chosen, and the rules this writes.
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import Sortable, { type SortableEvent } from "sortablejs";
import { asRefusal, useAsked } from "../api/asked";
import { call, seen } from "../api/client";
import { changes } from "../api/live";
import type { ModelOffer, RouteCard, Routing as Shown, RoutingPreview } from "../api/types";
import { short } from "../numbers";
import type { Page } from "../page";
import { Button, IconButton } from "../parts/button";
import { Badge, Card, Empty, Head, State, Waiting } from "../parts/card";
import { Dialog } from "../parts/dialog";
import { DifferenceView } from "../parts/difference";
import { Field } from "../parts/field";
import { FindingView } from "../parts/finding";
import { Icon } from "../parts/icon";
import { Lines } from "../parts/lines";
import { tell } from "../parts/toast";
import { href } from "../router";
import { say, text } from "../words";

export const page = { path: "routing", title: { en: "Routing", zh: "路由" }, icon: "routing", order: 30 } satisfies Page;

export const words = {
  lead: { en: "Drag a model onto what it shall answer. Each card is one ordinary rule.", zh: "将模型拖到它要回答的请求上。每张卡片就是一条普通规则。" },
  default: { en: "Default", zh: "默认" },
  defaultFor: { en: "Everything that no other rule takes", zh: "其他规则未接管的一切请求" },
  background: { en: "Background", zh: "后台" },
  backgroundFor: { en: "Titles, side questions, and what is asked of haiku", zh: "标题、附带问题，以及指定 haiku 的请求" },
  think: { en: "Think", zh: "思考" },
  thinkFor: { en: "Plan mode, and what has to be thought about", zh: "计划模式及需要深入思考的请求" },
  longContext: { en: "Long context", zh: "长上下文" },
  longContextFor: { en: "Requests above a number of tokens", zh: "超过一定词元数的请求" },
  webSearch: { en: "Web search", zh: "网络搜索" },
  webSearchFor: { en: "Requests that may search the web", zh: "可进行网络搜索的请求" },
  image: { en: "Image", zh: "图像" },
  imageFor: { en: "A picture in the last message", zh: "最后一条消息包含图片" },
  threshold: { en: "Above so many tokens", zh: "超过此词元数" },
  thresholdWrong: { en: "A number above 0", zh: "请输入大于 0 的数字" },
  models: { en: "Models", zh: "模型" },
  search: { en: "Search", zh: "搜索" },
  alias: { en: "alias", zh: "别名" },
  window: { en: "{n} window", zh: "{n} 上下文" },
  sees: { en: "sees pictures", zh: "可识图" },
  free: { en: "free", zh: "免费" },
  price: { en: "${a} / ${b}", zh: "${a} / ${b}" },
  more: { en: "and {n} more: other words find fewer", zh: "还有 {n} 个，请缩小搜索范围" },
  noneFound: { en: "No model has these words.", zh: "没有匹配的模型。" },
  none: { en: "No model yet", zh: "暂无模型" },
  noneHelp: { en: "Set up a provider first: its models show here.", zh: "请先配置提供商，其模型会显示在这里。" },
  providers: { en: "To the providers", zh: "前往提供商" },
  add: { en: "Add a model to {card}", zh: "为{card}添加模型" },
  addOne: { en: "Add a model…", zh: "添加模型…" },
  up: { en: "Try {model} earlier", zh: "提前尝试 {model}" },
  down: { en: "Try {model} later", zh: "推后尝试 {model}" },
  remove: { en: "Take out {model}", zh: "移除 {model}" },
  first: { en: "first", zh: "首选" },
  then: { en: "then", zh: "其次" },
  drop: { en: "Drop a model here, or choose one below.", zh: "将模型拖到此处，或在下方选择。" },
  goes: { en: "Now goes to {target}", zh: "目前发往 {target}" },
  refusedNow: { en: "Now denied with {status}", zh: "目前被拒绝，状态 {status}" },
  by: { en: "by {rule}", zh: "依据 {rule}" },
  above: { en: "A rule above takes these requests: {rule}", zh: "上方的规则接管了这些请求：{rule}" },
  written: { en: "Written by hand; a card cannot say it:", zh: "手写规则，卡片无法表示：" },
  editIt: { en: "Open in rules", zh: "在规则中打开" },
  changed: { en: "changed", zh: "已修改" },
  elsewhere: { en: "Changed elsewhere meanwhile. On the disk: {targets}", zh: "期间在别处被修改。磁盘上为：{targets}" },
  nothing: { en: "nothing", zh: "无" },
  waiting: { en: "Not saved yet: {n}", zh: "未保存：{n}" },
  discard: { en: "Discard", zh: "放弃" },
  review: { en: "Save…", zh: "保存…" },
  title: { en: "Save the routing?", zh: "保存路由？" },
  writes: { en: "Writes into {file}", zh: "写入 {file}" },
  cancel: { en: "Cancel", zh: "取消" },
  save: { en: "Save", zh: "保存" },
  broken: { en: "This would not load", zh: "此内容无法加载" },
  saved: { en: "Saved and live", zh: "已保存并生效" },
  savedBroken: { en: "Saved, but the rules do not load: older ones stay in force", zh: "已保存，但规则无法加载：旧规则继续生效" },
  copied: { en: "before: {backup}", zh: "备份：{backup}" },
  meanwhile: { en: "The rules changed meanwhile: look at the cards again, then save", zh: "规则在此期间有变化：请重新查看卡片后再保存" },
  moved: { en: "{model} is number {n} of {card}", zh: "{model} 现为{card}的第 {n} 个" },
  taken: { en: "{model} is taken out of {card}", zh: "{model} 已从{card}移除" },
};
const t = say(words);
const MOST = 60;
const ORDER = ["default", "background", "think", "longContext", "webSearch", "image"] as const;
type Name = (typeof ORDER)[number];

/** A card as the person wants it. `base`: what it was then, to see that somebody changed it meanwhile. */
interface Wish { targets: readonly string[]; threshold: string; base: string }
const wishes = signal<Readonly<Record<string, Wish>>>({});
const said = signal("");

function told(card: RouteCard): string {
  return JSON.stringify([card.targets, card.written, card.threshold]);
}

function now(card: RouteCard): Wish {
  return wishes.value[card.name] ?? { targets: card.targets, threshold: String(card.threshold ?? ""), base: told(card) };
}

function want(card: RouteCard, targets: readonly string[], threshold = now(card).threshold): void {
  const same = targets.join("\n") === card.targets.join("\n") && (threshold === String(card.threshold ?? "") || (!targets.length && !card.targets.length && card.name !== "longContext"));
  const { [card.name]: before, ...others } = wishes.value;
  wishes.value = same ? others : { ...others, [card.name]: { targets, threshold, base: before?.base ?? told(card) } };
}

const tokens = (typed: string) => {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(k?)\s*$/i.exec(typed);
  const value = match ? Math.round(Number(match[1]) * (match[2] ? 1000 : 1)) : 0;
  return value > 0 && value <= 100_000_000 ? value : null;
};

function asked() {
  return Object.entries(wishes.value).map(([name, { targets, threshold }]) => ({ name, targets, threshold: name === "longContext" ? tokens(threshold) : null }));
}

export default function Routing() {
  const { value, refused, again } = useAsked(() => call("GET /routing"), [changes.value]);
  const [saving, setSaving] = useState(false);
  const count = Object.keys(wishes.value).length;
  const wrong = Object.entries(wishes.value).some(([name, each]) => name === "longContext" && tokens(each.threshold) === null);
  const actions = count ? (
    <><span class="routing-count"><State tone="warn">{t("waiting", { n: count })}</State></span>
      <Button onClick={() => { wishes.value = {}; }}>{t("discard")}</Button>
      <Button look="primary" disabled={wrong} onClick={() => { setSaving(true); }}>{t("review")}</Button></>
  ) : null;
  return (
    <div class="page routing">
      <Head title={text(page.title)} actions={actions}>{t("lead")}</Head>
      <p class="unseen" role="status">{said.value}</p>
      {refused ? <Card><State tone="bad">{refused.message}</State></Card> : null}
      {value ? <Board routing={value} /> : <Waiting lines={8} />}
      {saving && value ? <SaveDialog version={value.version} onClose={() => { setSaving(false); again(); }} /> : null}
    </div>
  );
}

function Board({ routing }: { routing: Shown }) {
  const cards = ORDER.flatMap((name) => routing.cards.filter((each) => each.name === name));
  const known = new Map(routing.models.map((each) => [each.target, each]));
  const drop = useDrops(cards);
  return (
    <div class="routing-board">
      <div class="routing-cards">{cards.map((card) => <Kind key={card.name} card={card} known={known} models={routing.models} drop={drop} />)}</div>
      <Palette models={routing.models} />
    </div>
  );
}

// ---- dragging ---------------------------------------------------------------------------------------------------------

type Drop = (from: string, to: string, target: string, at: number, index: number) => void;

/** What a drop means; `from` "" is the palette. The newest cards are used, not those of the first drawing. */
function useDrops(cards: readonly RouteCard[]): Drop {
  const latest = useRef(cards);
  latest.current = cards;
  return (from, to, target, at, index) => {
    const source = latest.current.find((each) => each.name === from), goal = latest.current.find((each) => each.name === to);
    if (!goal) return;
    if (source) want(source, now(source).targets.filter((_, place) => place !== at));
    const others = now(goal).targets.filter((each) => each !== target);
    want(goal, [...others.slice(0, index), target, ...others.slice(index)]);
    said.value = t("moved", { model: target, n: Math.min(index, others.length) + 1, card: t(goal.name as Name) });
  };
}

/** The list is Preact's: what was moved is put back, and the list is drawn anew from what is wanted. */
function putBack(event: SortableEvent): void {
  const { item, clone, from, oldDraggableIndex = 0 } = event;
  if (event.pullMode === "clone") { clone.replaceWith(item); return; }
  item.remove();
  from.insertBefore(item, from.children[oldDraggableIndex] ?? null);
}

const DRAG = { animation: 120, draggable: "li", filter: "button", preventOnFilter: false, delay: 180, delayOnTouchOnly: true, forceFallback: true, fallbackOnBody: true, fallbackTolerance: 4, ghostClass: "routing-ghost" } as const;

// ---- cards ------------------------------------------------------------------------------------------------------------

function Kind({ card, known, models, drop }: { card: RouteCard; known: ReadonlyMap<string, ModelOffer>; models: readonly ModelOffer[]; drop: Drop }) {
  const name = card.name as Name, wish = now(card), list = useRef<HTMLOListElement>(null);
  const dirty = card.name in wishes.value;
  useEffect(() => {
    if (!list.current) return;
    const dropped = (event: SortableEvent) => {
      const { oldDraggableIndex = 0, newDraggableIndex = 0 } = event, from = event.from.dataset.card ?? "", target = event.item.dataset.target ?? "";
      putBack(event);
      drop(from, name, target, oldDraggableIndex, newDraggableIndex);
    };
    const made = Sortable.create(list.current, { ...DRAG, group: "models", onAdd: dropped, onUpdate: dropped });
    return () => { made.destroy(); };
  }, []);
  const move = (at: number, step: number) => {
    const targets = [...wish.targets], [model] = targets.splice(at, 1);
    if (!model) return;
    targets.splice(at + step, 0, model);
    want(card, targets);
    said.value = t("moved", { model, n: at + step + 1, card: t(name) });
  };
  const remove = (at: number) => {
    said.value = t("taken", { model: wish.targets[at] ?? "", card: t(name) });
    want(card, wish.targets.filter((_, place) => place !== at));
  };
  const options: [string, string][] = [["", t("addOne")], ...models.filter((each) => !wish.targets.includes(each.target)).map(({ target }): [string, string] => [target, target])];
  return (
    <Card class={`routing-card ${dirty ? "dirty" : ""}`} title={t(name)} actions={dirty ? <Badge tone="warn">{t("changed")}</Badge> : null}>
      <p class="help routing-for">{t(`${name}For`)}</p>
      {name === "longContext" ? <Field label={t("threshold")} inputMode="numeric" value={wish.threshold} wrong={tokens(wish.threshold) === null ? t("thresholdWrong") : undefined}
        onInput={(event) => { want(card, wish.targets, event.currentTarget.value); }} /> : null}
      {card.written && !wish.targets.length ? <p class="help">{t("written")} <code>{card.written}</code> <a href={href("rules")}>{t("editIt")}</a></p> : null}
      <div class={`routing-drop ${wish.targets.length ? "" : "bare"}`}>
        <ol ref={list} data-card={card.name} aria-label={t(name)}>
          {wish.targets.map((target, at) => (
            <li key={target} data-target={target}>
              <Icon name="grip" size={16} />
              <div><Named target={target} /><span class="help">{at ? t("then") : t("first")}{facts(known.get(target)) ? ` · ${facts(known.get(target))}` : ""}</span></div>
              <span class="routing-moves">
                {at ? <IconButton icon="up" label={t("up", { model: target })} onClick={() => { move(at, -1); }} /> : null}
                {at < wish.targets.length - 1 ? <IconButton icon="down" label={t("down", { model: target })} onClick={() => { move(at, 1); }} /> : null}
                <IconButton icon="close" label={t("remove", { model: target })} onClick={() => { remove(at); }} />
              </span>
            </li>
          ))}
        </ol>
        {wish.targets.length ? null : <p class="help">{t("drop")}</p>}
      </div>
      <select class="input routing-add" aria-label={t("add", { card: t(name) })} value="" onChange={(event) => {
        const { value } = event.currentTarget;
        event.currentTarget.value = "";
        if (value) drop("", card.name, value, 0, wish.targets.length);
      }}>{options.map(([value, shown]) => <option key={value} value={value}>{shown}</option>)}</select>
      <Way card={card} dirty={dirty} base={wish.base} />
    </Card>
  );
}

/** Where such requests go, and who says so. */
function Way({ card, dirty, base }: { card: RouteCard; dirty: boolean; base: string }) {
  const { goes } = card;
  const elsewhere = dirty && base !== told(card);
  return (
    <div class="routing-way">
      {elsewhere ? <p class="routing-warn"><Icon name="warning" size={16} />{t("elsewhere", { targets: card.targets.join(", ") || card.written || t("nothing") })}</p> : null}
      {card.above && goes && !dirty ? <p class="routing-warn"><Icon name="warning" size={16} /><span>{t("above", { rule: place(goes.rule) })} <code>{goes.text}</code></span></p> : null}
      {goes && !now(card).targets.length && !card.targets.length && !card.written ? (
        <p class="help">{goes.denied === null ? t("goes", { target: goes.targets[0] ?? "–" }) : t("refusedNow", { status: goes.denied })}{goes.rule ? `, ${t("by", { rule: place(goes.rule) })}` : ""}</p>
      ) : null}
      {card.place ? <p class="help routing-place">{place(card.place)}</p> : null}
    </div>
  );
}

function place(rule: string): string {
  return rule.split(/[/\\]/).pop() ?? rule;
}

/** A name that may be parted behind a slash, and nowhere in the middle of a word. */
function Named({ target }: { target: string }) {
  return <span class="code">{target.split(/(?<=[/])/).map((part) => <>{part}<wbr /></>)}</span>;
}

function facts(offer: ModelOffer | undefined): string {
  if (!offer) return "";
  const priced = offer.price_in !== null && offer.price_out !== null;
  const price = !priced ? "" : offer.price_in === 0 && offer.price_out === 0 ? t("free") : t("price", { a: offer.price_in ?? 0, b: offer.price_out ?? 0 });
  return [offer.provider || t("alias"), offer.context ? t("window", { n: short(offer.context) }) : "", price, offer.vision ? t("sees") : ""].slice(offer.provider ? 1 : 0).filter(Boolean).join(" · ");
}

// ---- models -----------------------------------------------------------------------------------------------------------

function Palette({ models }: { models: readonly ModelOffer[] }) {
  const [search, setSearch] = useState(""), list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (!list.current) return;
    const made = Sortable.create(list.current, { ...DRAG, sort: false, group: { name: "models", pull: "clone", put: false } });
    return () => { made.destroy(); };
  }, []);
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = models.filter(({ target }) => wanted.every((word) => target.toLowerCase().includes(word)));
  return (
    <Card class="routing-palette" title={t("models")}>
      {models.length ? <Field label={t("search")} type="search" value={search} onInput={(event) => { setSearch(event.currentTarget.value); }} />
        : <Empty icon="providers" title={t("none")}><p>{t("noneHelp")}</p><a class="button" href={href("providers")}>{t("providers")}</a></Empty>}
      <ul ref={list} tabIndex={0} aria-label={t("models")}>
        {found.slice(0, MOST).map((each) => (
          <li key={each.target} data-target={each.target}><Icon name="grip" size={16} /><div><Named target={each.target} /><span class="help">{facts(each)}</span></div></li>
        ))}
      </ul>
      {models.length && !found.length ? <p class="help">{t("noneFound")}</p> : null}
      {found.length > MOST ? <p class="help">{t("more", { n: found.length - MOST })}</p> : null}
    </Card>
  );
}

// ---- saving -----------------------------------------------------------------------------------------------------------

function SaveDialog({ version, onClose }: { version: string; onClose: () => void }) {
  const [found, setFound] = useState<RoutingPreview | null>(null), [at, setAt] = useState(""), [busy, setBusy] = useState(false);
  useEffect(() => {
    call("POST /routing/compare", { body: { cards: asked() } }).then((answer) => { setFound(answer); setAt(seen.value); })
      .catch((error: unknown) => { tell(asRefusal(error).message, "bad"); onClose(); });
  }, []);
  const errors = found?.findings.findings.filter((each) => each.severity === "error") ?? [];
  const save = async () => {
    setBusy(true);
    try {
      const done = await call("PUT /routing", { body: { cards: asked(), seen: version }, seen: at });
      tell([t(done.live ? "saved" : "savedBroken"), ...done.backups.map((backup) => t("copied", { backup }))].join(" · "), done.live ? "good" : "warn");
      wishes.value = {};
      onClose();
    } catch (error) {
      const refusal = asRefusal(error);
      tell(refusal.kind === "conflict" ? t("meanwhile") : refusal.message, refusal.kind === "conflict" ? "warn" : "bad");
      if (refusal.kind === "conflict") onClose();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog wide title={t("title")} onClose={onClose} actions={<><Button onClick={onClose}>{t("cancel")}</Button>
      <Button look="primary" busy={busy} disabled={!found || errors.length > 0} onClick={() => void save()}>{t("save")}</Button></>}>
      {found ? (
        <div class="routing-told">
          {errors.length ? <State tone="bad">{t("broken")}</State> : null}
          {errors.map((each) => <FindingView key={`${each.code} ${each.range.start.byte}`} finding={each} />)}
          {found.writes.map((each) => <section key={each.file}><h3>{t("writes", { file: each.file })}</h3><Lines lines={each.lines} /></section>)}
          {found.cards.filter((each) => each.above && each.name in wishes.value && each.goes).map((each) => (
            <p key={each.name} class="routing-warn"><Icon name="warning" size={16} /><span>{t(each.name as Name)}: {t("above", { rule: place(each.goes?.rule ?? "") })} <code>{each.goes?.text}</code></span></p>
          ))}
          {found.difference ? <DifferenceView difference={found.difference} /> : null}
        </div>
      ) : <Waiting lines={4} />}
    </Dialog>
  );
}

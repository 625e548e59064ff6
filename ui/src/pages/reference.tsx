// What can be said in rules, from what is installed: searchable, one tab for each topic.
import { useSignal } from "@preact/signals";
import { call } from "../api/client";
import { useAsked } from "../api/asked";
import type { Entry, Page as Written } from "../api/types";
import { count } from "../numbers";
import type { Page } from "../page";
import { Button, Copy } from "../parts/button";
import { Card, Empty, Head, Waiting } from "../parts/card";
import { Field, Tabs } from "../parts/field";
import { Coded } from "../parts/finding";
import { go, href, place } from "../router";
import { say, text } from "../words";

export const page = { path: "reference", title: { en: "Reference", zh: "参考" }, icon: "reference", order: 100 } satisfies Page;

export const words = {
  lead: { en: "Everything rules can say, printed from what is installed.", zh: "规则可用的全部内容，均来自当前安装的版本。" },
  search: { en: "Search", zh: "搜索" },
  searchIn: { en: "A name, or a word of its description", zh: "名称或说明中的词" },
  topics: { en: "Topics", zh: "主题" },
  nothing: { en: "Nothing here is called so", zh: "没有匹配的条目" },
  all: { en: "Show all", zh: "显示全部" },
  found: { en: "{n} of {all}", zh: "{n} / {all}" },
  failed: { en: "The reference could not be read", zh: "无法读取参考内容" },
  again: { en: "Try again", zh: "重试" },
  example: { en: "Example", zh: "示例" },
  attributes: { en: "Attributes", zh: "属性" },
  operators: { en: "Operators", zh: "运算符" },
  statements: { en: "Statements", zh: "语句" },
  fields: { en: "Fields", zh: "字段" },
  options: { en: "Options", zh: "选项" },
  transformers: { en: "Transformers", zh: "转换器" },
  providers: { en: "Providers", zh: "提供商" },
  codes: { en: "Findings", zh: "诊断" },
};
const t = say(words);

export default function Reference() {
  const topics = useAsked(() => call("GET /reference"));
  const chosen = place.value.rest[0] ?? topics.value?.topics[0]?.topic ?? "attributes";
  const asked = useSignal(place.value.query.get("q") ?? "");
  return (
    <div class="page">
      <Head title={text(page.title)}>{t("lead")}</Head>
      {topics.value ? (
        <Tabs label={t("topics")} chosen={chosen} onChoose={(id) => { go(href("reference", [id]), "replace"); }}
          tabs={topics.value.topics.map((each) => ({ id: each.topic, name: named(each.topic, each.title), count: each.count }))}>
          <div class="search"><Field label={t("search")} type="search" placeholder={t("searchIn")} value={asked.value}
            onInput={(event) => { asked.value = event.currentTarget.value; }} /></div>
          <Topic key={chosen} topic={chosen} asked={asked.value} onAll={() => { asked.value = ""; }} />
        </Tabs>
      ) : topics.refused ? <Failed message={topics.refused.message} again={topics.again} /> : <Waiting lines={6} />}
    </div>
  );
}

function named(topic: string, title: string): string {
  return topic in words ? t(topic as keyof typeof words) : title;
}

function Topic({ topic, asked, onAll }: { topic: string; asked: string; onAll: () => void }) {
  const found = useAsked(() => call("GET /reference/{topic}", { path: { topic } }), [topic]);
  if (found.refused) return <Failed message={found.refused.message} again={found.again} />;
  if (!found.value) return <Waiting lines={6} />;
  const entries = matching(found.value, asked);
  return (
    <Card flush>
      <div class="intro"><p><Coded text={found.value.intro} /></p>
        <p class="quiet" aria-live="polite">{t("found", { n: count(entries.length), all: count(found.value.entries.length) })}</p></div>
      {entries.length ? <dl class="entries">{entries.map((each) => <Shown key={`${each.name} ${each.facts[0]?.text ?? ""}`} entry={each} />)}</dl>
        : <Empty icon="search" title={t("nothing")}><Button onClick={onAll}>{t("all")}</Button></Empty>}
    </Card>
  );
}

function matching(page: Written, asked: string): readonly Entry[] {
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (each: Entry) => words.every((word) => `${each.name} ${each.doc}`.toLowerCase().includes(word));
  const first = (each: Entry) => (words.some((word) => each.name.toLowerCase().includes(word)) ? 0 : 1);
  return words.length ? page.entries.filter(fits).sort((a, b) => first(a) - first(b)) : page.entries;
}

function Shown({ entry }: { entry: Entry }) {
  return (
    <div class="entry">
      <dt><span class="code">{entry.name}</span>
        {entry.facts.map((each) => each.text ? <span key={each.head} class="fact"><span class="quiet">{each.head}</span> {each.text}</span> : null)}</dt>
      <dd>
        {paragraphs(entry.doc).map((each, at) => each.startsWith(" ") ? <pre key={at} tabIndex={0}>{flush(each)}</pre> : <p key={at}><Coded text={each} /></p>)}
        {entry.example ? <div class="snippet small"><pre tabIndex={0}>{entry.example}</pre><Copy text={entry.example} bare /></div> : null}
      </dd>
    </div>
  );
}

function paragraphs(doc: string): readonly string[] {
  return doc.trim() ? doc.replace(/^\n+|\s+$/g, "").split(/\n\s*\n/) : [];
}

/** Without the indent that all lines share. */
function flush(block: string): string {
  const lines = block.split("\n");
  const indent = Math.min(...lines.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent)).join("\n");
}

function Failed({ message, again }: { message: string; again: () => void }) {
  return <Empty icon="error" title={t("failed")}><p>{message}</p><Button onClick={again}>{t("again")}</Button></Empty>;
}

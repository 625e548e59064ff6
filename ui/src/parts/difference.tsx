// What a change does to any request: proved the same, or which requests go elsewhere, each kind with a sample.
import type { Difference } from "../api/types";
import { say } from "../words";
import { State } from "./card";
import { Coded } from "./finding";
import { Icon } from "./icon";

export const words = {
  equal: { en: "Proved: no request goes elsewhere", zh: "已证明：没有请求会改变去向" },
  kinds: { en: "These requests go elsewhere", zh: "以下请求会改变去向" },
  sample: { en: "such as", zh: "例如" },
  where: { en: "where {where}", zh: "条件：{where}" },
  all: { en: "any request", zh: "任意请求" },
  declared: { en: "What else changes", zh: "其他变化" },
};
const t = say(words);

export function DifferenceView({ difference }: { difference: Difference }) {
  return (
    <div class="difference">
      {difference.equal ? <State tone="good">{t("equal")}</State> : null}
      {difference.kinds.length ? <h3>{t("kinds")}</h3> : null}
      <ul>
        {difference.kinds.map((each) => (
          <li key={`${each.before} ${each.after} ${each.sample}`}>
            <p class="difference-way"><span class="code">{each.before}</span><Icon name="arrow" size={16} /><strong class="code">{each.after}</strong></p>
            <p class="help">{each.where.length ? t("where", { where: each.where.join(", ") }) : t("all")}</p>
            <p class="help">{t("sample")} <code>{each.sample}</code></p>
          </li>
        ))}
      </ul>
      {difference.declared.length ? <><h3>{t("declared")}</h3><ul>{difference.declared.map((each) => <li key={each}><Coded text={each} /></li>)}</ul></> : null}
    </div>
  );
}

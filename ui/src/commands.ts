// One request as lines that can be pasted: for a shell, for Python, for TypeScript. Texts are quoted for where they stand,
// and a key is only ever named: a variable of the shell that runs the lines.
export interface Wanted {
  /** Where the proxy is, without a slash at the end. */
  address: string;
  /** `provider/model`, an alias, or a name that clients ask for; "" leaves it to `ccr code`. */
  model: string;
  prompt: string;
  system: string;
  most: number;
  temperature: number | null;
  stream: boolean;
  needsKey: boolean;
}

export const KEY = "CCR_KEY";
export const KINDS = ["code", "curl", "sdk", "httpx", "typescript"] as const;
export type Kind = (typeof KINDS)[number];
const VERSION = "2023-06-01";

export function written(kind: Kind, wanted: Wanted): string {
  return { code, curl, sdk, httpx, typescript }[kind](wanted);
}

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

function body({ model, most, temperature, stream, system, prompt }: Wanted): Record<string, Value> {
  return {
    model, max_tokens: most,
    ...(temperature === null ? {} : { temperature }),
    ...(stream ? { stream } : {}),
    ...(system ? { system } : {}),
    messages: [{ role: "user", content: prompt }],
  };
}

/** A word of a POSIX shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function code({ model, most, stream, system, prompt }: Wanted): string {
  const words = [
    "ccr code",
    ...(model ? [`--model ${quoted(model)}`] : []),
    ...(system ? [`--append-system-prompt ${quoted(system)}`] : []),
    ...(stream ? ["--output-format stream-json --verbose"] : []),
    `-p ${quoted(prompt)}`,
  ];
  return `CLAUDE_CODE_MAX_OUTPUT_TOKENS=${most} ${words.join(" \\\n  ")}`;
}

function curl(wanted: Wanted): string {
  const lines = [
    `curl --silent --show-error --fail-with-body ${wanted.stream ? "--no-buffer " : ""}${quoted(`${wanted.address}/v1/messages`)}`,
    "--header 'content-type: application/json'",
    `--header 'anthropic-version: ${VERSION}'`,
    ...(wanted.needsKey ? [`--header "x-api-key: $${KEY}"`] : []),
    `--data-raw ${quoted(JSON.stringify(body(wanted), null, 2))}`,
  ];
  return lines.join(" \\\n  ");
}

// ---- Python -----------------------------------------------------------------------------------------------------------

/** A value as Python writes it. A text as JSON is a text of Python, too. */
function python(value: Value, indent = ""): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}    `;
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map((each) => python(each, indent)).join(", ")}]`;
  const pairs = Object.entries(value);
  if (pairs.length < 3) return `{${pairs.map(([key, each]) => `${JSON.stringify(key)}: ${python(each, inner)}`).join(", ")}}`;
  return `{\n${pairs.map(([key, each]) => `${inner}${JSON.stringify(key)}: ${python(each, inner)},\n`).join("")}${indent}}`;
}

function sdk(wanted: Wanted): string {
  // The SDK has taken and dropped `temperature` as an argument; `extra_body` goes with every version.
  const { stream, temperature, ...plain } = body(wanted);
  const rest = { ...plain, ...(temperature === undefined ? {} : { extra_body: { temperature } }) };
  const said = Object.entries(rest).map(([key, value]) => `    ${key}=${python(value, "    ")},\n`).join("");
  const key = wanted.needsKey ? `os.environ["${KEY}"]` : `"unused"`;
  const start = `${wanted.needsKey ? "import os\n\n" : ""}from anthropic import Anthropic\n\nclient = Anthropic(base_url=${JSON.stringify(wanted.address)}, api_key=${key})\n`;
  if (stream) {
    return `${start}with client.messages.stream(\n${said}) as stream:\n    for text in stream.text_stream:\n        print(text, end="", flush=True)\n`;
  }
  return `${start}message = client.messages.create(\n${said})\nprint("".join(block.text for block in message.content if block.type == "text"))\n`;
}

function httpx(wanted: Wanted): string {
  const key = wanted.needsKey ? `\n    "x-api-key": os.environ["${KEY}"],` : "";
  const imports = [...(wanted.stream ? ["import json"] : []), ...(wanted.needsKey ? ["import os"] : [])].map((each) => `${each}\n`).join("");
  const start = `${imports}${imports ? "\n" : ""}import httpx\n\nurl = ${JSON.stringify(`${wanted.address}/v1/messages`)}
headers = {
    "anthropic-version": "${VERSION}",${key}
}
body = ${python(body(wanted))}
`;
  if (!wanted.stream) {
    return `${start}answer = httpx.post(url, headers=headers, json=body, timeout=600)
if answer.is_error:
    raise SystemExit(answer.text)
print("".join(block["text"] for block in answer.json()["content"] if block["type"] == "text"))
`;
  }
  return `${start}with httpx.stream("POST", url, headers=headers, json=body, timeout=600) as answer:
    if answer.is_error:
        raise SystemExit(answer.read().decode())
    for line in answer.iter_lines():
        event = json.loads(line[6:]) if line.startswith("data: ") else {}
        if event.get("type") == "content_block_delta":
            print(event["delta"].get("text", ""), end="", flush=True)
`;
}

// ---- TypeScript -------------------------------------------------------------------------------------------------------

function typescript(wanted: Wanted): string {
  const key = wanted.needsKey ? `\n    "x-api-key": process.env.${KEY} ?? "",` : "";
  const said = JSON.stringify(body(wanted), null, 2).replaceAll("\n", "\n  ");
  const start = `const answer = await fetch(${JSON.stringify(`${wanted.address}/v1/messages`)}, {
  method: "POST",
  headers: {
    "content-type": "application/json",
    "anthropic-version": "${VERSION}",${key}
  },
  body: JSON.stringify(${said}),
});
`;
  if (!wanted.stream) {
    return `${start}if (!answer.ok) throw new Error(await answer.text());
const message = await answer.json();
for (const block of message.content) if (block.type === "text") console.log(block.text);
`;
  }
  return `${start}if (!answer.ok || !answer.body) throw new Error(await answer.text());
let rest = "";
for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + piece).split("\\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    const event = line.startsWith("data: ") ? JSON.parse(line.slice(6)) : {};
    if (event.type === "content_block_delta") process.stdout.write(event.delta.text ?? "");
  }
}
`;
}

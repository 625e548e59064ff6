// Makes src/api/types.ts from the OpenAPI document (`python -m ccr.api.openapi`), read from a file or standard input:
// an interface for each schema, and `Operations`, which maps "GET /rules/file" to its query, body and answer.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, "..");

function document() {
  const named = process.argv[2];
  if (named) return JSON.parse(readFileSync(named, "utf8"));
  const own = join(ROOT, ".venv", "bin", "python");
  const made = spawnSync(existsSync(own) ? own : "python3", ["-m", "ccr.api.openapi"], { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 26 });
  if (made.status !== 0) throw new Error(`python -m ccr.api.openapi failed:\n${made.stderr}`);
  return JSON.parse(made.stdout);
}

/** Two schemas of one name are told apart by their modules. */
function ident(name) {
  return name.replace(/\W/g, "_");
}

/** A schema as a TypeScript type. */
function type(schema) {
  if (!schema || Object.keys(schema).every((key) => ["description", "default", "title"].includes(key))) return "unknown";
  if (schema.$ref) return ident(schema.$ref.split("/").pop());
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return several.map(type).join(" | ");
  if (Array.isArray(schema.type)) return schema.type.map((each) => type({ ...schema, type: each })).join(" | ");
  switch (schema.type) {
    case "string": return "string";
    case "integer": case "number": return "number";
    case "boolean": return "boolean";
    case "null": return "null";
    case "array": return `readonly (${schema.items === undefined ? "unknown" : type(schema.items)})[]`;
    case "object": return schema.properties ? `{ ${fields(schema).join(" ")} }`
      : `Record<string, ${schema.additionalProperties ? type(schema.additionalProperties) : "unknown"}>`;
    default: return "unknown";
  }
}

/** Fields of what is sent may be left out where they have a default; of what comes, all are there. */
function fields(schema, sent = false) {
  const needed = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, each]) =>
    `${/^\w+$/.test(name) ? name : JSON.stringify(name)}${sent && !needed.has(name) ? "?" : ""}: ${type(each)};`);
}

function doc(schema, indent = "") {
  return schema.description ? `${indent}/** ${schema.description.replaceAll("*/", "* /")} */\n` : "";
}

const { components, paths } = document();
const sent = new Set(), out = ["// Made by types.mjs from the OpenAPI document. Not kept in git.", ""];
const content = (each, kind = "application/json") => each?.content?.[kind]?.schema;
for (const path of Object.values(paths)) for (const each of Object.values(path)) {
  const reach = (schema) => {
    const name = schema?.$ref?.split("/").pop();
    if (!name || sent.has(name)) return;
    sent.add(name);
    JSON.stringify(components.schemas[name], (key, value) => (key === "$ref" ? (reach({ $ref: value }), value) : value));
  };
  reach(content(each.requestBody));
}
for (const [name, schema] of Object.entries(components.schemas)) {
  if (schema.properties) out.push(`${doc(schema)}export interface ${ident(name)} {`, ...fields(schema, sent.has(name)).map((line) => `  ${line}`), "}", "");
  else out.push(`${doc(schema)}export type ${ident(name)} = ${type(schema)};`, "");
}
out.push("export interface Operations {");
for (const [path, methods] of Object.entries(paths)) for (const [method, each] of Object.entries(methods)) {
  const query = each.parameters.filter((one) => one.in === "query").map((one) => `${one.name}${one.required ? "" : "?"}: ${type(one.schema)};`);
  const changes = each.parameters.some((one) => one.in === "header" && one.name === "If-Match");
  const answer = content(each.responses["200"]);
  out.push(doc({ description: each.summary }, "  ") + `  "${method.toUpperCase()} ${path.replace(/^\/api/, "")}": {`,
    `    path: ${/\{/.test(path) ? `{ ${[...path.matchAll(/\{(\w+)\}/g)].map((match) => `${match[1]}: string;`).join(" ")} }` : "undefined"};`,
    `    query: ${query.length ? `{ ${query.join(" ")} }` : "undefined"};`,
    `    body: ${each.requestBody ? type(content(each.requestBody)) : "undefined"};`,
    `    answer: ${answer ? type(answer) : "string"};`,
    `    changes: ${changes};`, "  };");
}
out.push("}", "");
writeFileSync(join(HERE, "src", "api", "types.ts"), out.join("\n"));

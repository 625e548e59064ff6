// Builds ui/src into ccr/api/static: main.js, a chunk for each page, one style sheet, index.html; each also packed.
// Pages are collected, not listed: a file in src/pages is a page. What each says of itself (`page`, `words`) is read
// here, so that the menu knows it without loading the page; a word that lacks a language stops the build.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const PAGES = join(HERE, "src", "pages");
const OUT = resolve(HERE, "..", "ccr", "api", "static");
export const LANGUAGES = ["en", "zh"];
export const BUDGET = 250 * 1024;

const JSX = { jsx: "automatic", jsxImportSource: "preact" };

/** What the pages say of themselves, in the order of the menu. */
export async function pages() {
  const names = readdirSync(PAGES).filter((file) => file.endsWith(".tsx")).map((file) => file.slice(0, -4)).sort();
  const found = await Promise.all(names.map(async (name) => ({ name, ...(await described(name)) })));
  for (const { name, page, words } of found) {
    if (!page || !words) throw new Error(`src/pages/${name}.tsx has to export \`page\` and \`words\``);
    for (const [where, texts] of [["title", page.title], ...Object.entries(words)]) {
      const lacks = LANGUAGES.filter((language) => !texts[language]);
      if (lacks.length) throw new Error(`src/pages/${name}.tsx: ${where} is not said in ${lacks.join(", ")}`);
    }
  }
  return found.map(({ name, page }) => ({ name, ...page })).sort((a, b) => a.order - b.order);
}

/** Takes `page` and `words` out of a page's file; everything else is shaken off. */
async function described(name) {
  const made = await esbuild.build({
    stdin: { contents: `export { page, words } from "./${name}.tsx";`, resolveDir: PAGES, loader: "ts" },
    bundle: true, write: false, format: "esm", treeShaking: true, logLevel: "silent", loader: { ".css": "empty" }, ...JSX,
    plugins: [{ name: "no-pages", setup: (build) => void build.onResolve({ filter: /^virtual:pages$/ }, () => ({ path: "virtual:pages", external: true })) }],
  });
  const text = made.outputFiles[0].text;
  return import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`);
}

const collect = {
  name: "pages",
  setup(build) {
    build.onResolve({ filter: /^virtual:pages$/ }, () => ({ path: "pages", namespace: "pages" }));
    build.onLoad({ filter: /.*/, namespace: "pages" }, async () => ({
      contents: `export const PAGES = [${(await pages()).map(({ name, ...page }) =>
        `{ name: ${JSON.stringify(name)}, ...${JSON.stringify(page)}, load: () => import("./${name}.tsx") }`)}];`,
      resolveDir: PAGES, loader: "js", watchDirs: [PAGES],
    }));
  },
};

// Styles are collected, too: all of them go into the one sheet, the tokens first, a page's own last.
const styles = {
  name: "styles",
  setup(build) {
    build.onResolve({ filter: /^virtual:styles$/ }, () => ({ path: "styles.css", namespace: "styles" }));
    build.onLoad({ filter: /.*/, namespace: "styles" }, () => {
      const first = ["tokens", "base", "shell", "parts", "pages"].map((name) => `./style/${name}.css`);
      const folders = ["parts", "pages"];
      const own = folders.flatMap((folder) => readdirSync(join(HERE, "src", folder)).filter((file) => file.endsWith(".css")).sort().map((file) => `./${folder}/${file}`));
      const contents = [...first, ...own].map((file) => `@import "${file}";`).join("\n");
      return { contents, resolveDir: join(HERE, "src"), loader: "css", watchDirs: folders.map((folder) => join(HERE, "src", folder)) };
    });
  },
};

const options = {
  entryPoints: { main: join(HERE, "src", "main.tsx") },
  bundle: true, splitting: true, format: "esm", target: ["es2022"], minify: true, metafile: true, write: false,
  outdir: join(OUT, "assets"), entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", assetNames: "[name]-[hash]",
  legalComments: "none", logLevel: "warning", ...JSX, plugins: [collect, styles],
};

function write(result) {
  const fresh = `${OUT}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(join(fresh, "assets"), { recursive: true });
  const sizes = {};
  for (const file of result.outputFiles) {
    const name = file.path.split(/[\\/]/).pop(), packed = gzipSync(file.contents, { level: 9 });
    sizes[name] = packed.length;
    writeFileSync(join(fresh, "assets", name), file.contents);
    writeFileSync(join(fresh, "assets", `${name}.gz`), packed);
  }
  const icon = readFileSync(join(HERE, "src", "icon.svg"));
  const mark = `icon-${createHash("sha256").update(icon).digest("hex").slice(0, 8)}.svg`;
  writeFileSync(join(fresh, "assets", mark), icon);
  const named = (start, end) => Object.keys(sizes).find((name) => name.startsWith(start) && name.endsWith(end));
  const index = readFileSync(join(HERE, "src", "index.html"), "utf8")
    .replace("{{script}}", `assets/${named("main-", ".js")}`)
    .replace("{{style}}", `assets/${named("main-", ".css")}`)
    .replace("{{icon}}", `assets/${mark}`);
  writeFileSync(join(fresh, "index.html"), index);
  writeFileSync(join(fresh, "sizes.json"), JSON.stringify(sizes, null, 1));
  if (existsSync(OUT)) rmSync(OUT, { recursive: true });
  renameSync(fresh, OUT);
  const whole = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  console.log(`ui: ${Object.keys(sizes).length} files, ${(whole / 1024).toFixed(0)} kB packed, into ccr/api/static`);
  if (whole > BUDGET) throw new Error(`the web UI is ${whole} bytes packed; at most ${BUDGET} are allowed`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--pages")) {
    console.log(JSON.stringify(await pages()));
  } else if (process.argv.includes("--watch")) {
    const again = { name: "write", setup: (build) => void build.onEnd((result) => { if (!result.errors.length) write(result); }) };
    await (await esbuild.context({ ...options, plugins: [collect, styles, again] })).watch();
  } else {
    write(await esbuild.build(options));
  }
}

// The documentation as HTML, to be read without a network:  docs.mjs OUT
//
// README.md becomes index.html, docs/NAME.md becomes NAME.html. A link to something that is not in OUT
// is shown as its text; a link to a page that does not exist is an error.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { Marked } from "marked";
import { gfmHeadingId } from "marked-gfm-heading-id";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = process.argv[2];
if (!out) throw new Error("docs: pass the directory to write to");

const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"), { recursive: true })
    .filter((it) => it.endsWith(".md"))
    .map((it) => `docs/${it}`)
    .sort(),
];
/** Where a file of the project is in the output. */
const place = (path) =>
  path === "README.md" ? "index.html" : path.replace(/^docs\//, "").replace(/\.md$/, ".html");

const style = `body{max-width:52rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 sans-serif}
pre,code{font-family:monospace;background:#8882}pre{padding:.7rem;overflow-x:auto}
table{border-collapse:collapse}td,th{border:1px solid #8886;padding:.2rem .5rem;text-align:start}
img{max-width:100%}:root{color-scheme:light dark}`;

for (const page of pages) {
  const of = place(page);
  const relative = (path) => posix.relative(posix.dirname(of), place(path));
  /** A link in this page as one in the output; nothing if it leads out of it. */
  const target = (href) => {
    if (/^[a-z]+:/.test(href) || href.startsWith("#")) return href;
    const [path, anchor] = href.split("#");
    const file = posix.join(posix.dirname(page), decodeURI(path));
    if (!existsSync(join(root, file)))
      throw new Error(`${page} links to ${href}, which is not there`);
    if (!pages.includes(file)) return undefined;
    return relative(file) + (anchor ? `#${anchor}` : "");
  };
  const marked = new Marked(gfmHeadingId(), {
    renderer: {
      link({ href, tokens }) {
        const to = target(href);
        const text = this.parser.parseInline(tokens);
        return to === undefined ? text : `<a href="${to}">${text}</a>`;
      },
      image({ href, text }) {
        const file = posix.join(posix.dirname(page), href);
        mkdirSync(dirname(join(out, place(file))), { recursive: true });
        cpSync(join(root, file), join(out, place(file)));
        return `<img src="${relative(file)}" alt="${text}">`;
      },
    },
  });
  const text = readFileSync(join(root, page), "utf8");
  const title = /^# (.*)$/m.exec(text)?.[1] ?? page;
  mkdirSync(dirname(join(out, of)), { recursive: true });
  writeFileSync(
    join(out, of),
    `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title.replaceAll("<", "&lt;")}</title>
<style>${style}</style>
${page === "README.md" ? "" : `<nav><a href="${relative("README.md")}">Countersign</a></nav>`}
${marked.parse(text)}</html>
`,
  );
}

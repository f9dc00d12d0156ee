// What the programs are made of.
//
//   parts.mjs check      holds every part to deny.toml, without a network
//   parts.mjs sbom       the parts of what is shipped, as CycloneDX
//   parts.mjs licences   their licences, with the texts from their sources
//   parts.mjs audit-data countersign-cli|countersign-window
//                        the crates of one program in the form of `cargo auditable`: scripts/build puts
//                        it into the program (the tool itself would make its own path a part of the bytes)
//
// All say the same of the same commit: what has a date has the commit's (SOURCE_DATE_EPOCH).
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";
import parseLicence from "spdx-expression-parse";
import { parse as parseToml } from "smol-toml";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = "x86_64-unknown-linux-gnu";
/** The packages of the two programs that are shipped, with the features they are built with. */
const programs = [
  ["--package", "countersign-cli"],
  ["--package", "countersign-window", "--features", "countersign-window/custom-protocol"],
];

const cargo = (...args) =>
  execFileSync("cargo", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
const read = (path) => readFileSync(join(root, path), "utf8");
/** The same order on every machine, whatever its language. */
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const by = (text) => (a, b) => byText(text(a), text(b));

/** What a check reads: the rules, Cargo's view of the crates, what is in the pages, both lock files. */
export function facts() {
  return {
    pages: shippedPackages(),
    rules: parseToml(read("deny.toml")),
    metadata: metadata(),
    cargoLock: parseToml(read("Cargo.lock")),
    npmLock: JSON.parse(read("package-lock.json")),
  };
}

function metadata() {
  const platform = ["--format-version", "1", "--filter-platform", target];
  return JSON.parse(cargo("metadata", "--offline", "--locked", ...platform));
}

/** A crate's licence as an SPDX expression. Old manifests have a slash for OR. */
function expression(crate) {
  return crate.license?.replaceAll(/\s*\/\s*/g, " OR ");
}

/** Whether all that an SPDX expression asks for is among the allowed licences. */
export function allows(allowed, text) {
  const holds = (part) => {
    if (part.conjunction === "and") return holds(part.left) && holds(part.right);
    if (part.conjunction === "or") return holds(part.left) || holds(part.right);
    const name = part.license + (part.plus ? "+" : "");
    return allowed.has(part.exception ? `${name} WITH ${part.exception}` : name);
  };
  try {
    return holds(parseLicence(text));
  } catch {
    return false;
  }
}

/** Every way in which the parts and deny.toml disagree: none if all is well. */
export function problems({ rules, metadata, pages, cargoLock, npmLock }) {
  return [
    ...ofLicences(rules.licenses, metadata.packages),
    ...ofPages(rules.licenses, pages),
    ...ofBans(rules.bans, metadata),
    ...ofSources(rules.sources, metadata),
    ...ofAdvisories(rules.advisories, metadata.packages),
    ...ofCargoLock(cargoLock),
    ...ofNpmLock(npmLock),
  ];
}

function* ofLicences({ allow, exceptions }, crates) {
  const extra = (crate) => exceptions.filter((it) => it.crate === crate.name);
  const allowed = (crate, general = allow, special = extra(crate)) =>
    allows(new Set([...general, ...special.flatMap((it) => it.allow)]), expression(crate) ?? "");
  for (const crate of crates.filter((it) => !allowed(it)))
    yield `${crate.name} ${crate.version}: its licence, ${crate.license ?? "not stated"}, is not allowed`;
  for (const name of allow) {
    const others = allow.filter((it) => it !== name);
    if (crates.every((it) => allowed(it, others)))
      yield `${name} is allowed, and no part needs it: remove it from [licenses]`;
  }
  for (const { crate } of exceptions)
    if (!crates.some((it) => it.name === crate && !allowed(it, allow, [])))
      yield `${crate} has an exception for its licence and does not need it: remove it`;
}

/** What is in the pages has no exceptions. */
function* ofPages({ allow }, packages) {
  for (const it of packages.filter((it) => !allows(new Set(allow), it.license)))
    yield `${it.name} ${it.version}: its licence, ${it.license}, is not allowed`;
}

function* ofBans({ deny, wildcards }, { packages, workspace_members: ours }) {
  for (const { crate, reason } of deny) {
    if (!reason) yield `the ban of ${crate} has no reason`;
    for (const found of packages.filter((it) => it.name === crate))
      yield `${found.name} ${found.version} is banned: ${reason}`;
  }
  if (wildcards !== "deny") yield "wildcard requirements are not denied";
  for (const crate of packages.filter((it) => ours.includes(it.id)))
    for (const wanted of crate.dependencies.filter((it) => it.source && it.req === "*"))
      yield `${crate.name} takes any version of ${wanted.name}`;
}

function* ofSources(rules, { packages, workspace_root: base }) {
  if (rules["unknown-registry"] !== "deny" || rules["unknown-git"] !== "deny")
    yield "unknown sources are not denied";
  const known = new Set([
    ...rules["allow-registry"].map((it) => `registry+${it}`),
    ...rules["allow-git"].map((it) => `git+${it}`),
  ]);
  for (const crate of packages) {
    if (crate.source === null) {
      if (!crate.manifest_path.startsWith(base + sep))
        yield `${crate.name} is outside this directory: ${crate.manifest_path}`;
    } else if (!known.has(crate.source.replace(/[?#].*/, "")))
      yield `${crate.name} ${crate.version} is from ${crate.source}, which is not allowed`;
  }
}

/** Which advisories apply needs a network. That an exception has a reason and a subject does not. */
function* ofAdvisories({ ignore }, crates) {
  const seen = new Set();
  for (const { id, reason } of ignore) {
    if (seen.has(id)) yield `${id} is excepted twice`;
    seen.add(id);
    const [, name, version] = /^([\w-]+)@([\d.]+): \S/.exec(reason ?? "") ?? [];
    if (!name)
      yield `the exception for ${id} has no reason that begins with the crate: NAME@VERSION: …`;
    else if (!crates.some((it) => it.name === name && `${it.version}.`.startsWith(`${version}.`)))
      yield `${id} is excepted for ${name} ${version}, which is no longer used: remove it`;
  }
}

function* ofCargoLock({ package: crates }) {
  for (const crate of crates.filter((it) => it.source && !it.checksum))
    yield `${crate.name} ${crate.version} has no checksum in Cargo.lock`;
}

function* ofNpmLock({ packages }) {
  for (const [path, it] of Object.entries(packages)) {
    if (path === "" || it.inBundle) continue;
    if (it.resolved && !it.resolved.startsWith("https://registry.npmjs.org/"))
      yield `${path} is from ${it.resolved}, which is not allowed`;
    if (!it.integrity) yield `${path} has no checksum in package-lock.json`;
  }
}

/**
 * The crates of the shipped programs as `name version`, each with whether it is linked in; the others
 * only run while they are built: macros and build scripts.
 */
function shippedCrates(of = programs) {
  const tree = (edges) =>
    of.flatMap((program) =>
      cargo(
        ...["tree", "--offline", "--locked", "--target", target, "--prefix", "none"],
        ...["--format", "{p}", "--edges", edges, ...program],
      )
        .split("\n")
        .filter(Boolean)
        .map((line) => line.replace(/^(\S+) v(\S+).*/, "$1 $2")),
    );
  const linked = new Set(tree("normal,no-proc-macro"));
  return new Map([...new Set(tree("normal,build"))].sort(byText).map((it) => [it, linked.has(it)]));
}

/** The licence of a package, which one of them has only as a text. */
function licenceOf(path, stated) {
  if (stated) return stated;
  if (/^MIT License$/m.test(texts(join(root, path)).join("\n"))) return "MIT";
  throw new Error(`${path} is in the pages and states no licence`);
}

/** The npm packages whose modules are in the window's pages, as Vite noted when it built them. */
function shippedPackages() {
  const { packages } = JSON.parse(read("package-lock.json"));
  return JSON.parse(read("target/ui-parts.json")).map((path) => {
    if (!packages[path]) throw new Error(`${path} is in the pages, but not in package-lock.json`);
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    return { path, name, ...packages[path], license: licenceOf(path, packages[path].license) };
  });
}

/** Everything that is shipped, in one form: crates, packages, and what neither has a name for. */
function parts() {
  const { packages, resolve } = metadata();
  const crates = shippedCrates();
  const checksums = new Map(
    parseToml(read("Cargo.lock")).package.map((it) => [`${it.name} ${it.version}`, it.checksum]),
  );
  const key = (it) => `${it.name} ${it.version}`;
  const purl = (it) => `pkg:cargo/${it.name}@${it.version}`;
  const byId = new Map(packages.map((it) => [it.id, it]));
  const edges = new Map(resolve.nodes.map((it) => [it.id, it.deps]));
  const ofRust = packages
    .filter((it) => crates.has(key(it)))
    .map((it) => ({
      ref: purl(it),
      name: it.name,
      version: it.version,
      licence: expression(it),
      authors: it.authors,
      directory: dirname(it.manifest_path),
      ours: it.source === null,
      linked: crates.get(key(it)),
      hash: checksums.get(key(it)) && { alg: "SHA-256", content: checksums.get(key(it)) },
      needs: edges
        .get(it.id)
        .filter((edge) => edge.dep_kinds.some(({ kind }) => kind !== "dev"))
        .map((edge) => byId.get(edge.pkg))
        .filter((other) => crates.has(key(other)))
        .map(purl),
    }));
  const shipped = shippedPackages();
  const npm = (it) => `pkg:npm/${it.name.replace(/^@/, "%40")}@${it.version}`;
  const ofNpm = shipped.map((it) => ({
    ref: npm(it),
    name: it.name,
    version: it.version,
    licence: it.license,
    authors: [],
    directory: join(root, it.path),
    linked: true,
    hash: {
      alg: "SHA-512",
      content: Buffer.from(it.integrity.replace(/^sha512-/, ""), "base64").toString("hex"),
    },
    needs: shipped.filter((other) => other.name in (it.dependencies ?? {})).map(npm),
  }));
  return [...ofRust, ...ofNpm, sqlite(ofRust), rust()].sort(by((it) => it.ref));
}

/** SQLite's C sources are in the crate that binds it: scanners look for it by its own name. */
function sqlite(crates) {
  const { directory } = crates.find((it) => it.name === "libsqlite3-sys");
  const header = readFileSync(join(directory, "sqlite3/sqlite3.h"), "utf8");
  const [, version] = /#define SQLITE_VERSION\s+"([\d.]+)"/.exec(header);
  const ref = `pkg:generic/sqlite@${version}`;
  return {
    ref,
    name: "sqlite",
    version,
    licence: "blessing",
    authors: ["D. Richard Hipp"],
    linked: true,
    needs: [],
  };
}

/** The standard library, which every Rust program has in it. */
function rust() {
  const [, version] = /^rustc (\S+)/.exec(
    execFileSync("rustc", ["--version"], { cwd: root, encoding: "utf8" }),
  );
  return {
    ref: `pkg:generic/rust-std@${version}`,
    name: "rust-std",
    version,
    licence: "MIT OR Apache-2.0",
    authors: ["The Rust Project Developers"],
    linked: true,
    needs: [],
  };
}

/** The CycloneDX description of what is shipped, without a serial number: one commit, one text. */
export function sbom(all = parts()) {
  const { version, license } = JSON.parse(read("package.json"));
  const ref = `countersign@${version}`;
  const epoch =
    process.env.SOURCE_DATE_EPOCH ??
    execFileSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" });
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.5.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      timestamp: new Date(Number(epoch) * 1000).toISOString(),
      component: {
        type: "application",
        "bom-ref": ref,
        name: "countersign",
        version,
        licenses: [{ expression: license.replaceAll(/[()]/g, "") }],
      },
    },
    components: all.map((it) => ({
      type: "library",
      "bom-ref": it.ref,
      name: it.name,
      version: it.version,
      scope: it.linked ? "required" : "excluded",
      ...(it.hash ? { hashes: [it.hash] } : {}),
      licenses: [{ expression: it.licence }],
      purl: it.ref,
    })),
    dependencies: [
      {
        ref,
        dependsOn: all.filter((it) => it.ours || it.ref.startsWith("pkg:npm/")).map((it) => it.ref),
      },
      ...all.map((it) => ({ ref: it.ref, dependsOn: [...new Set(it.needs)].sort(byText) })),
    ],
  };
}

/** The `.dep-v0` section of a program, as https://github.com/rust-secure-code/cargo-auditable defines it. */
export function auditData(program) {
  const { packages, resolve } = metadata();
  const linked = shippedCrates(programs.filter((it) => it.includes(program)));
  const key = (it) => `${it.name} ${it.version}`;
  const crates = packages.filter((it) => linked.has(key(it))).sort(by(key));
  const index = new Map(crates.map((it, at) => [it.id, at]));
  const edges = new Map(resolve.nodes.map((it) => [it.id, it.deps]));
  const list = crates.map((it) => {
    const needs = edges
      .get(it.id)
      .filter((edge) => index.has(edge.pkg) && edge.dep_kinds.some(({ kind }) => kind !== "dev"))
      .map((edge) => index.get(edge.pkg));
    return {
      name: it.name,
      version: it.version,
      source: it.source === null ? "local" : "crates.io",
      ...(linked.get(key(it)) ? {} : { kind: "build" }),
      ...(needs.length > 0 ? { dependencies: [...new Set(needs)].sort((a, b) => a - b) } : {}),
      ...(it.name === program ? { root: true } : {}),
    };
  });
  // Not compressed: the same bytes from every version of zlib.
  return deflateSync(JSON.stringify({ packages: list, format: 1 }), { level: 0 });
}

/** The licence texts in a part's sources, in the order of their names. */
function texts(directory) {
  const isText = (name) => /^(un)?licen[cs]e|^copying|^notice|^copyright/i.test(name);
  const found = [];
  for (const name of readdirSync(directory).sort(byText)) {
    const path = join(directory, name);
    if (!isText(name) || /\.(rs|js|ts|html)$/.test(name)) continue;
    if (statSync(path).isFile()) found.push(path);
    else
      found.push(
        ...readdirSync(path)
          .sort(byText)
          .map((it) => join(path, it))
          .filter((it) => statSync(it).isFile()),
      );
  }
  return found
    .map((it) => readFileSync(it, "utf8").replaceAll("\r\n", "\n").trim())
    .filter(Boolean);
}

/** One text file: every part that is linked in with its licence, then each text once. */
export function licences(all = parts()) {
  const foreign = all.filter((it) => it.linked && !it.ours);
  const of = new Map();
  for (const part of foreign)
    for (const text of part.directory ? texts(part.directory) : [])
      of.set(text, [...(of.get(text) ?? []), part]);
  const named = (it) => `${it.name} ${it.version}`;
  const withText = new Set([...of.values()].flat());
  const line = "=".repeat(78);
  return [
    "Countersign is under MIT or Apache-2.0, as you prefer. In its programs are these parts, each under",
    "the licence that its authors state; the texts in their sources follow.",
    "",
    ...foreign.map((it) =>
      withText.has(it)
        ? `${named(it)}: ${it.licence}`
        : `${named(it)}: ${it.licence}; no text in its sources${it.authors.length ? `; by ${it.authors.join(", ")}` : ""}`,
    ),
    ...[...of].flatMap(([text, users]) => ["", line, users.map(named).join(", "), line, "", text]),
    "",
  ].join("\n");
}

function run(command) {
  switch (command) {
    case "check": {
      const found = problems(facts());
      for (const it of found) console.error(it);
      if (found.length > 0) process.exit(1);
      break;
    }
    case "sbom":
      console.log(JSON.stringify(sbom(), undefined, 1));
      break;
    case "audit-data":
      process.stdout.write(auditData(process.argv[3]));
      break;
    case "licences":
      process.stdout.write(licences());
      break;
    default:
      console.error(`parts: ${command} is none of check, sbom, licences, audit-data`);
      process.exit(2);
  }
}

if (process.argv[1] && relative(fileURLToPath(import.meta.url), process.argv[1]) === "")
  run(process.argv[2]);

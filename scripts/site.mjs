// The browser's half, from the compiler's output to files that are ready to be served.
//
//   node site.mjs inputs TOOLCHAIN   prints one hash of everything that the result depends on
//   node site.mjs pack GLUE          shrinks and compresses what wasm-bindgen left in GLUE, and the CSS, into $SITE_ROOT/pkg
//   node site.mjs link               writes hash.txt beside the servers, without building anything
//   node site.mjs sizes              prints what the built files weigh, and fails when they weigh too much
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import zlib from "node:zlib";

/** What a first visit may load to make the islands work: WebAssembly and its glue, brotli. */
const BUDGET = 90_000;
const NAME = "qliento";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const tools = createRequire(path.join(root, "end2end/package.json"));
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
const site = process.env.SITE_ROOT ?? path.join(target, "site");
const pkg = path.join(site, "pkg");

const [command, argument] = process.argv.slice(2);
try {
  const commands = { inputs, pack, link, sizes };
  if (!Object.hasOwn(commands, command ?? "")) throw new Error("say one of: inputs, pack, link, sizes.");
  await commands[command](argument);
} catch (error) {
  console.error(`qliento: ${error.message}`);
  process.exit(1);
}

function inputs(toolchain) {
  const sources = ["app/src", "app/Cargo.toml", "frontend/src", "frontend/Cargo.toml", "style", "scripts/build-site",
    "scripts/site.mjs", "Cargo.toml", "Cargo.lock", ".cargo/config.toml", "end2end/package-lock.json"];
  const sum = createHash("sha256").update(toolchain ?? "");
  for (const file of sources.flatMap(files).sort()) {
    sum.update(`\0${file}\0`).update(fs.readFileSync(path.join(root, file)));
  }
  console.log(sum.digest("hex"));
}

function files(name) {
  const entry = fs.statSync(path.join(root, name), { throwIfNoEntry: false });
  if (!entry) return [];
  return entry.isFile() ? [name] : fs.readdirSync(path.join(root, name)).flatMap((child) => files(path.join(name, child)));
}

async function pack(glue) {
  const made = { wasm: optimize(path.join(glue, `${NAME}_bg.wasm`)), js: await script(path.join(glue, `${NAME}.js`)), css: style() };
  const fresh = `${pkg}.new`;
  fs.rmSync(fresh, { recursive: true, force: true });
  fs.mkdirSync(fresh, { recursive: true });

  const manifest = {};
  for (const [kind, content] of Object.entries(made)) {
    const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
    manifest[kind] = `${NAME}.${hash}.${kind}`;
    const file = path.join(fresh, manifest[kind]);
    fs.writeFileSync(file, content);
    fs.writeFileSync(`${file}.gz`, zlib.gzipSync(content, { level: 9 }));
    fs.writeFileSync(`${file}.br`, brotli(content));
  }
  fs.writeFileSync(path.join(fresh, "site.json"), `${JSON.stringify(manifest)}\n`);

  // The new files replace the old ones only when all of them are there.
  fs.rmSync(pkg, { recursive: true, force: true });
  fs.renameSync(fresh, pkg);
  link();
  sizes();
}

function optimize(file) {
  const out = `${file}.opt`;
  const features = ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"];
  execFileSync(process.execPath, [
    path.join(path.dirname(tools.resolve("binaryen/package.json")), "bin/wasm-opt"),
    file, "-o", out, "-Oz", ...features.map((name) => `--enable-${name}`), "--strip-debug", "--strip-producers",
  ], { stdio: "inherit" });
  return fs.readFileSync(out);
}

/** The glue with its snippets in one file; its exports keep their names, because the islands are looked up by name. */
async function script(file) {
  const { build } = tools("esbuild");
  const result = await build({ entryPoints: [file], bundle: true, minify: true, format: "esm", target: "es2022", write: false, legalComments: "none" });
  return Buffer.from(result.outputFiles[0].contents);
}

function style() {
  const main = path.join(root, "style/main.css");
  if (!fs.existsSync(main)) throw new Error("style/main.css is missing: it is the entry of the style sheet.");
  const { bundle } = tools("lightningcss");
  const version = (major, minor = 0) => (major << 16) | (minor << 8);
  const targets = { chrome: version(111), firefox: version(115), safari: version(16, 4), ios_saf: version(16, 4) };
  return Buffer.from(bundle({ filename: main, minify: true, targets }).code);
}

function brotli(content) {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
  return zlib.brotliCompressSync(content, { params: { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_SIZE_HINT]: content.length } });
}

function manifest() {
  const file = path.join(pkg, "site.json");
  if (!fs.existsSync(file)) throw new Error("the browser's half is not built yet: run 'make build' first.");
  return JSON.parse(fs.readFileSync(file, "utf8"));
}

/** Leptos reads the hashes from a file beside the server's executable, when LEPTOS_HASH_FILES=true. */
function link() {
  const lines = Object.entries(manifest()).map(([kind, name]) => `${kind}: ${name.split(".")[1]}\n`);
  for (const profile of ["debug", "release"]) {
    fs.mkdirSync(path.join(target, profile), { recursive: true });
    fs.writeFileSync(path.join(target, profile, "hash.txt"), lines.join(""));
  }
}

function sizes() {
  const row = (...cells) => console.log(cells.map((cell, i) => (i ? String(cell).padStart(10) : cell.padEnd(32))).join(""));
  const total = { raw: 0, gzip: 0, brotli: 0 };
  let gated = 0;
  row("", "raw", "gzip", "brotli");
  for (const [kind, name] of Object.entries(manifest())) {
    const size = (suffix) => fs.statSync(path.join(pkg, name + suffix)).size;
    const weight = { raw: size(""), gzip: size(".gz"), brotli: size(".br") };
    row(name, weight.raw, weight.gzip, weight.brotli);
    for (const key of Object.keys(total)) total[key] += weight[key];
    if (kind !== "css") gated += weight.brotli;
  }
  row("together", total.raw, total.gzip, total.brotli);
  console.log(`WebAssembly and glue: ${gated} of ${BUDGET} bytes (brotli)`);
  if (gated > BUDGET) {
    throw new Error(`the browser's half weighs ${gated - BUDGET} bytes too much: take code out of the islands (app/src/islands) or a dependency out of app.`);
  }
}

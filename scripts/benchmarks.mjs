// Measures, and writes docs/benchmarks.md from what it measured: `make bench`, or `scripts/bench NAME…` for some of it.
//
// Each run leaves one file in $CARGO_TARGET_DIR/bench; the page is made of all that are there. A run that was not made, or
// broke off, leaves its row empty and is named at the end.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
const results = path.join(target, "bench");
const page = path.join(root, "docs/benchmarks.md");
const peers = path.join(root, "scripts/peers/delete.py");

const erase = (messages, rounds, more = []) => ["erase", "--messages", `${messages}`, "--rounds", `${rounds}`, ...more];
const RUNS = {
  "erase-10k": { args: erase(10_000, 5) },
  "erase-100k": { args: erase(100_000, 3) },
  "erase-1m": { args: erase(1_000_000, 3) },
  peers: { args: erase(1_000_000, 1, ["--peers", peers]) },
  "erase-10m": { args: erase(10_000_000, 1), large: true },
  "erase-10k-postgres": { args: erase(10_000, 5), postgres: true },
  "erase-100k-postgres": { args: erase(100_000, 3), postgres: true },
  "erase-1m-postgres": { args: erase(1_000_000, 1), postgres: true },
  "peers-postgres": { args: erase(100_000, 1, ["--peers", peers]), postgres: true },
  "workers-postgres": { args: ["workers", "--organizations", "1000"], postgres: true },
  workers: { args: ["workers", "--organizations", "1000", "--workers", "1"] },
  drill: { args: ["drill", "--erasures", "10000"] },
  backup: { args: ["backup", "--mebibytes", "1024"] },
  queue: { args: ["queue", "--requests", "10000"] },
  "queue-postgres": { args: ["queue", "--requests", "10000"], postgres: true },
  export: { args: ["export", "--messages", "1000000"] },
  keys: { args: ["keys", "--keys", "1000000"] },
  "keys-postgres": { args: ["keys", "--keys", "1000000"], postgres: true },
};

const WAYS = {
  cascade: "`ON DELETE CASCADE`, one statement",
  django: "Django, `organization.delete()`",
  django_beside_bystander: "the same beside a bystander",
  django_objects: "Django, object by object (the first 10,000)",
};

/** What no run of this script measures. */
const BY_HAND = [
  "| 1,000,000 messages seeded (1,356,782 rows, 2,005 files) | 27.4 s (target: below 60 s) | `qliento seed --organizations 1 --messages 1000000` |",
  "| a million cases of each property: `signed_request` (4), webhook bodies and signatures (8), sealed values and files (3), phone numbers | no panic, no bad signature accepted, nothing opened; 54 s, 647 s, 492 s, 125 s (test build) | `PROPTEST_CASES=1000000 cargo test -p erasure --lib signed_request` (`webhook`, `vault`, `phone_number`) |",
  "| WebAssembly and glue of the wizard | 45.9 kB brotli (budget 90) | `make size` |",
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(RUNS, name) && name !== "page");
if (unknown.length > 0) {
  console.error(`qliento: there is no benchmark ${unknown.join(", ")}: choose from ${Object.keys(RUNS).join(", ")}.`);
  process.exit(1);
}
fs.mkdirSync(results, { recursive: true });
const broken = [];
for (const [name, run] of Object.entries(RUNS)) {
  if (wanted.length > 0 ? wanted.includes(name) : !run.large) measure(name, run);
}
fs.writeFileSync(page, written());
console.log(`qliento: ${path.relative(root, page)} is written.`);
if (broken.length > 0) {
  console.error(`qliento: not measured: ${broken.join(", ")}.`);
  process.exit(1);
}

function measure(name, { args, postgres = false }) {
  console.error(`── ${name}: qliento bench ${shown(args)}`);
  const program = [path.join(target, "release/qliento"), "bench", ...args, "--json"];
  const whole = postgres
    ? [path.join(root, "scripts/postgres"), "bash", "-c", '"$@" --database-url "$QLIENTO_TEST_POSTGRES_URL" --pg-repack "$QLIENTO_TEST_PG_REPACK"', "bench", ...program]
    : program;
  const env = { ...process.env, QLIENTO_POSTGRES_DURABLE: "yes" };
  const ran = spawnSync(whole[0], whole.slice(1), { cwd: root, env, stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 26 });
  try {
    const figures = JSON.parse(ran.stdout.toString());
    const kept = { at: new Date().toISOString().slice(0, 10), figures };
    fs.writeFileSync(path.join(results, `${name}.json`), JSON.stringify(kept, null, 1));
  } catch {
    broken.push(name);
  }
  if (ran.status !== 0) broken.push(name);
}

/** The figures of a run, or an empty object whose figures are all missing. */
function of(name) {
  const file = path.join(results, `${name}.json`);
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")).figures : {};
}

function command(name) {
  const { args, postgres } = RUNS[name];
  return `\`${postgres ? "… on Postgres: " : ""}bench ${shown(args)}\``;
}

function shown(args) {
  return args.map((one) => (one === peers ? path.relative(root, peers) : one)).join(" ");
}

/** Digits that mean something, with spaces between thousands. */
function number(figure, digits = 0) {
  if (figure === undefined || figure === null) return "not measured";
  return figure.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function erased(name) {
  const run = of(name);
  if (run.seconds === undefined) return `| not measured | | | | | ${command(name)} |`;
  const speed = `${number(run.seconds, 2)} s, ${number(run.rows_per_second)} rows/s`;
  const hand = `${number(run.hand_written_seconds, 2)} s, **${number(run.ratio, 2)}**`;
  const waits = `${number(run.bystander?.before_p99_ms, 1)} → ${number(run.bystander?.during_p99_ms, 1)} ms`;
  return `| ${number(run.messages)} (${number(run.rows)} rows) | ${speed} | ${hand} | ${number(run.peak_rss_mib)} MiB | ${waits} | ${command(name)} |`;
}

function compared(name) {
  return (of(name).peers ?? []).map((peer) => {
    const lost = peer.bystander_lost > 0 ? `; ${number(peer.bystander_lost)} messages gave up` : "";
    const stall = peer.bystander_longest_ms === null ? "" : `${number(peer.bystander_longest_ms)} ms, ${number(peer.stall_ratio)} ×${lost}`;
    return `| ${WAYS[peer.way]} | ${number(peer.rows_per_second)} | ${number(peer.ratio, 2)} × | ${number(peer.peak_rss_mib)} MiB | ${stall} |`;
  });
}

function peersTable(name, what) {
  return [
    `On ${what} (${command(name)}):`,
    "",
    "| way | rows/s | the engine's over that | peak memory | bystander's longest wait, over the engine's |",
    "| --- | --- | --- | --- | --- |",
    ...compared(name),
  ].join("\n");
}

function workers(name) {
  const runs = of(name);
  return (Array.isArray(runs) ? runs : []).map((run) =>
    `| ${run.backend}, ${run.workers} | ${number(run.gone_per_second)} a second | ${number(run.seconds_to_gone, 1)} s | ${number(run.seconds_to_receipts, 1)} s |`);
}

function written() {
  const drill = of("drill");
  const copied = drill.drill ?? {};
  const practised = drill.drill === undefined ? "not measured" :
    `${number(drill.erasures)} organizations in ${number(copied.seconds_to_copy + copied.seconds_to_catch_up)} s (${number(copied.seconds_to_copy, 1)} s of it for the copy), ${number(copied.ledger_lines)} lines of the ledger; erasing them had taken ${number(drill.seconds_to_erase)} s`;
  const backup = of("backup");
  const taken = of("export");
  const zip = taken.seconds === undefined ? "not measured" :
    `${number(taken.seconds, 1)} s, ${number(taken.peak_rss_mib, 1)} MiB at most, ${number(taken.rss_before_mib, 1)} before it began`;
  const queue = (name) => {
    const run = of(name);
    if (run.clock_ms === undefined) return "not measured";
    return `${number(run.first_page_ms, 1)} ms first page, ${number(run.later_page_ms, 1)} ms a later one, ${number(run.filtered_page_ms, 1)} ms filtered; all clocks ${number(run.clock_ms, 0)} ms`;
  };
  const keys = (name) => {
    const run = of(name);
    if (run.keys === undefined) return "not measured";
    return `${number(run.seconds, 1)} s, ${number(run.keys / run.seconds)} a second, ${number(run.peak_rss_mib)} MiB`;
  };
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `# Benchmarks

Written by \`make bench\` (${os.cpus().length} cores, ${memory} GiB, release build; Postgres waits for its disk at each commit). Anybody can start each
again: \`scripts/bench NAME…\` measures some of it, \`scripts/bench erase-10m\` the largest, which \`make bench\` leaves out. Ratios
are of medians within one run, in which all ways erase copies of the same database by turns. What a machine does in a second, another does not;
the ratios travel.

## Erasing an organization

"By hand" is one \`DELETE\` a table, leaf to root, in one transaction, followed by the same removal of bytes (SQLite: truncated log; Postgres:
rewritten storage). It deletes no files and proves nothing; the engine's time runs from the confirmation to the receipt. The bystander is
another organization on the same database: 20 messages arrive and 50 pages are read each second; the 99th percentile of what it waits, alone → meanwhile.

| messages | the engine | by hand, ratio of rows/s (target 0.85) | peak memory (target 96) | bystander (targets 50, on Postgres 25 ms) | command |
| --- | --- | --- | --- | --- | --- |
${["erase-10k", "erase-100k", "erase-1m", "erase-10m"].map(erased).join("\n")}
${["erase-10k-postgres", "erase-100k-postgres", "erase-1m-postgres"].map(erased).join("\n")}

Small organizations pay for what a bare \`DELETE\` does not do: counting behind the fence, some fifty tables' checkpoints, files, the
archive and the read-back cost the same whatever the size.

**Where the time goes.** On SQLite a third is the \`messages\` themselves (stage by stage from \`erasure_steps.done_at\`); the pass over the file
takes less than half a second. A batch holds the writer for some 12 ms, so a page that two batches touch goes through the log twice. That is
why tables lie in the order in which they are deleted (\`decisions/0046\`), and why free pages are sorted before they go (\`decisions/0047\`). The
engine is quicker than the one large transaction where it asks once what foreign keys ask for each row (\`decisions/0050\`). On Postgres they
cannot be left out: nine tenths of a batch are their questions (\`EXPLAIN ANALYZE\`), by hand as well; no step waits for the disk
(\`decisions/0048\`). Before anything is measured there, the seeded database is vacuumed and analyzed, as it is after a minute by itself:
without statistics the same million took more than twice as long, by hand as well.

## Beside others

The same rows, deleted by \`scripts/peers/delete.py\`. Django's models carry the foreign key to the organization alone, which is the fastest that
its \`delete()\` can be: one statement a table. Nobody else gets a word in while it lasts. On Postgres they leave every byte in the files,
while the engine's time there includes writing them anew.

${peersTable("peers", "SQLite")}

${peersTable("peers-postgres", "Postgres")}

## Very many small organizations

A thousand of 20 messages each, all confirmed at once. Storage rests between two scrubs (on Postgres a minute), and the last erasures share one.

| workers | rows gone | all | receipts |
| --- | --- | --- | --- |
${[...workers("workers"), ...workers("workers-postgres")].join("\n")}

## What stays, and what comes back

| what | figure | command |
| --- | --- | --- |
| restore drill, everybody erased since the backup (target: 10,000 below 15 min) | ${practised} | ${command("drill")} |
| backup of ${number(backup.mebibytes)} MiB (targets: 150 MB/s or 70 % of the cipher's speed; 96 MiB) | ${number(backup.mb_per_second)} MB/s, ${number(backup.ratio * 100)} % of the bare cipher's ${number(backup.cipher_mb_per_second)} MB/s; ${number(backup.peak_rss_mib)} MiB | ${command("backup")} |
| 1,000,000 messages taken along as a ZIP | ${zip} | ${command("export")} |
| a new master key, 1,000,000 data keys, SQLite | ${keys("keys")} | ${command("keys")} |
| the same on Postgres | ${keys("keys-postgres")} | ${command("keys-postgres")} |
| the queue of 10,000 open requests, SQLite (targets: 100 ms a page, 2 s for the clocks) | ${queue("queue")} | ${command("queue")} |
| the same on Postgres | ${queue("queue-postgres")} | ${command("queue-postgres")} |

## Measured by hand

| what | figure | command |
| --- | --- | --- |
${BY_HAND.join("\n")}
`;
}

// The real program as a process of its own.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';
import { join } from 'node:path';

const target = process.env.CARGO_TARGET_DIR || join(homedir(), '.cache/qliento/target');
const executable = process.env.QLIENTO_BIN || join(target, 'debug/qliento');
const siteRoot = process.env.LEPTOS_SITE_ROOT || process.env.SITE_ROOT || join(target, 'site');

/** The program's surroundings: these settings and nothing else of ours. */
function surroundings(settings) {
  const env = { PATH: process.env.PATH, QLIENTO_SITE_ROOT: siteRoot };
  for (const [key, value] of Object.entries(settings)) env[`QLIENTO_${key}`] = String(value);
  return env;
}

/** What an operator does beside the running site: `qliento WORDS…`; the answer is what it prints. */
export function operate(words, folder, settings) {
  return execFileSync(executable, words, { cwd: folder, env: surroundings(settings), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export class Program {
  output = '';
  log = '';

  /** Starts `qliento COMMAND…` in a folder, with these settings and nothing else of ours. */
  constructor(command, folder, settings) {
    this.process = spawn(executable, [command].flat(), { cwd: folder, env: surroundings(settings), stdio: ['ignore', 'pipe', 'pipe'] });
    this.process.stdout.on('data', (text) => { this.output += text; });
    this.process.stderr.on('data', (text) => { this.log += text; });
    this.ended = new Promise((ended) => {
      this.process.on('error', (error) => { this.log += error.message; ended(null); });
      this.process.on('exit', ended);
    });
    this.command = command;
  }

  /** Waits until a look at it gives something. */
  async until(look, seconds = 60) {
    const end = Date.now() + seconds * 1000;
    let over = false;
    this.ended.then(() => { over = true; });
    while (!over && Date.now() < end) {
      const found = await look(this);
      if (found) return found;
      await new Promise((passed) => setTimeout(passed, 25));
    }
    await this.stop();
    throw new Error(`qliento ${this.command} ${over ? 'ended by itself' : 'did not come up'}:\n${this.output}${this.log}`);
  }

  /** Waits until it serves. */
  async healthy(address) {
    await this.until(() => fetch(`${address}/healthz`).then((answer) => answer.ok, () => false));
  }

  /** Ends it as an operator would; it finishes what it is doing. */
  async stop() {
    const { process } = this;
    if (process.exitCode !== null || process.signalCode !== null || !process.pid) return;
    process.kill('SIGTERM');
    const patience = setTimeout(() => process.kill('SIGKILL'), 10_000);
    await once(process, 'exit');
    clearTimeout(patience);
  }
}

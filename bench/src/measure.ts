import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import autocannon from 'autocannon';

/** A server in a process of its own, on one core. */
export interface BenchServer {
  readonly name: string;
  readonly url: string;
  /** Milliseconds from the start of the process to listening. */
  readonly bootMs: number;
  /** Resident memory after listening, in MiB. */
  readonly memoryMiB: number;
  /** CPU time that the process has used, in milliseconds. */
  cpuMs(): Promise<number>;
  /** Resident memory at the moment, in MiB. */
  residentMiB(): Promise<number>;
  /** What the process holds after a collection of garbage, in MiB. */
  heldMiB(): Promise<number>;
  stop(): Promise<void>;
}

/** What a load showed. */
export interface Load {
  readonly requestsPerSecond: number;
  /** CPU time of the server for one request, in milliseconds. */
  readonly cpuMsPerRequest: number;
  readonly medianMs: number;
  readonly failures: number;
}

interface Ready {
  readonly ready: string;
  readonly memory: number;
}

/** What a server script tells when it is asked: milliseconds of CPU, bytes of memory. */
interface Answers {
  readonly cpu: number;
  readonly memory: number;
  readonly held: number;
}

/** Starts a server script and waits until it listens. The script reports by `process.send`. */
export async function startServer(
  name: string,
  script: string,
  env: Record<string, string> = {},
): Promise<BenchServer> {
  const started = performance.now();
  const file = fileURLToPath(new URL(`./servers/${script}.js`, import.meta.url));
  const [command, ...args] = onOneCore(process.execPath, file);
  const child = spawn(command!, args, {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { ready, memory } = await message<Ready>(child);
  const ask = (question: keyof Answers): Promise<number> => {
    child.send(question);
    return message<Answers>(child).then((answers) => answers[question]);
  };
  return {
    name,
    url: ready,
    bootMs: performance.now() - started,
    memoryMiB: memory / 1024 / 1024,
    cpuMs: () => ask('cpu'),
    residentMiB: async () => (await ask('memory')) / 1024 / 1024,
    heldMiB: async () => (await ask('held')) / 1024 / 1024,
    stop: () => stop(child),
  };
}

/** Keeps a server to the first core where the machine can, so that the load generator does not take its time. */
function onOneCore(...command: string[]): string[] {
  const pinned = spawnSync('taskset', ['-c', '0', 'true']).status === 0;
  return pinned ? ['taskset', '-c', '0', ...command] : command;
}

/** The next message of a process. @throws Error when it ends instead */
export function message<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const exited = (code: number | null): void => reject(new Error(`The process ended with ${code}`));
    child.once('exit', exited);
    child.once('message', (value) => {
      child.off('exit', exited);
      resolve(value as T);
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

/** How long and with what a server is loaded. */
export interface LoadOptions {
  readonly seconds: number;
  readonly connections?: number;
  readonly headers?: Record<string, string>;
  readonly method?: 'GET' | 'POST';
  /** Sent as JSON. */
  readonly body?: object;
}

/** Sends requests one after another over a few connections and reads what they cost the server. */
export async function load(server: BenchServer, path: string, options: LoadOptions): Promise<Load> {
  const { method = 'GET', body } = options;
  const run = (duration: number) =>
    autocannon({
      url: server.url + path,
      connections: options.connections ?? 4,
      duration,
      method,
      headers: { accept: 'text/html', ...(body && { 'content-type': 'application/json' }), ...options.headers },
      ...(body && { body: JSON.stringify(body) }),
    });
  await run(Math.max(1, options.seconds / 4));
  const before = await server.cpuMs();
  const result = await run(options.seconds);
  const cpu = (await server.cpuMs()) - before;
  return {
    requestsPerSecond: result.requests.average,
    cpuMsPerRequest: cpu / result.requests.total,
    medianMs: result.latency.p50,
    failures: result.non2xx + result.errors,
  };
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** The lowest value. What else runs on the machine only adds to the CPU time of a request. */
export function lowest(values: readonly number[]): number {
  return Math.min(...values);
}

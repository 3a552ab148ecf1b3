import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { TestClient } from 'bowerbird/testing';

/** What a command said, and its exit code. */
export interface Ended {
  readonly code: number | null;
  readonly shown: string;
}

/** What the environment of a test run says to others: its own tools, and settings that projects would read. */
const FOREIGN =
  /^(NODE_ENV|NODE_OPTIONS|VITEST.*|BOWERBIRD_.*|npm_.*|SECRET_KEY.*|DATABASE_.*|HOST|PORT|ALLOWED_HOSTS|TRUSTED_PROXIES|ENVIRONMENT|SMTP_URL|MAIL_FROM)$/;

/** A project that was made in the folder of the packed packages. */
export class MadeProject {
  private server: ChildProcess | undefined;

  constructor(
    readonly folder: string,
    /** What the environment says beside the project's own `.env`. */
    readonly variables: Readonly<Record<string, string>>,
  ) {}

  /** Runs a command of the application. */
  manage(...args: readonly string[]): Promise<Ended> {
    return run(this.folder, this.variables, 'dist/main.js', ...args);
  }

  /** Serves on a free port while the work looks at it, and stops it as supervisors do. */
  async serve(look: (visitor: TestClient) => Promise<void>): Promise<Ended> {
    const server = start(this.folder, { ...this.variables, PORT: '0' }, ['dist/main.js']);
    this.server = server;
    const ending = ended(server);
    await look(new TestClient(await addressOf(server)));
    server.kill('SIGTERM');
    return ending;
  }

  /** Ends a server that a failed test has left behind. */
  leave(): void {
    this.server?.kill('SIGKILL');
  }
}

/** Runs a script with Node and waits for its end. */
export function run(
  cwd: string,
  variables: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<Ended> {
  return ended(start(cwd, variables, args));
}

async function ended(child: ChildProcess): Promise<Ended> {
  let shown = '';
  for (const stream of [child.stdout, child.stderr]) stream!.on('data', (data: Buffer) => (shown += data.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, shown };
}

function start(cwd: string, variables: Readonly<Record<string, string>>, args: readonly string[]): ChildProcess {
  const kept = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  const env = { ...Object.fromEntries(kept), NO_COLOR: '1', ...variables };
  return spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The address that a server writes when it listens. */
function addressOf(server: ChildProcess): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr])
      stream!.on('data', (data: Buffer) => {
        text += data.toString();
        const address = /Listening on (http:\/\/[\w.:]+)/.exec(text)?.[1];
        if (address) resolve(address);
      });
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${text}`)));
  });
}

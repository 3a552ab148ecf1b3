import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

import { Disk } from 'bowerbird/storage';

import { NODE_FLAGS } from '../../support/node-flags.js';

const SCRIPT = fileURLToPath(new URL('./server-process.ts', import.meta.url));

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Runs the demo's atlas in a process of its own: a verb, or the server. */
export function startApplication(database: string, secret: string, port: number, ...verb: string[]): ChildProcess {
  return spawn(process.execPath, [...NODE_FLAGS, SCRIPT, database, secret, String(port), ...verb]);
}

/** The demo's atlas, served by a process that can be killed. */
export class ServerProcess {
  private readonly child: ChildProcess;
  private told = '';

  private constructor(
    database: string,
    secret: string,
    readonly port: number,
  ) {
    this.child = startApplication(database, secret, port);
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (data: Buffer) => (this.told += data.toString()));
  }

  /** Resolves when the server listens. */
  static async start(database: string, secret: string): Promise<ServerProcess> {
    const server = new ServerProcess(database, secret, await freePort());
    await server.listening();
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Takes the process away in the middle of whatever it does. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await closed;
  }

  private listening(): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => void (this.told.includes('Listening on') && resolve());
      this.child.stdout!.on('data', look);
      this.child.stderr!.on('data', look);
      this.child.on('close', () => reject(new Error(`The server ended: ${this.told}`)));
    });
  }
}

/** A way to a database server that can be cut, and mended at the same address. */
export class Cable {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;

  private constructor(
    private readonly target: URL,
    private readonly port: number,
  ) {}

  static async to(url: string): Promise<Cable> {
    const cable = new Cable(new URL(url), await freePort());
    await cable.mend();
    return cable;
  }

  /** The database's URL by way of the cable. */
  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  async mend(): Promise<void> {
    this.server = createServer((near) => {
      const far = connect(Number(this.target.port), this.target.hostname);
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', () => socket.destroy()).on('close', () => this.sockets.delete(socket));
      }
      near.on('close', () => far.destroy()).pipe(far);
      far.on('close', () => near.destroy()).pipe(near);
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async cut(): Promise<void> {
    const closed = once(this.server!, 'close');
    this.server!.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

/** A disk that takes nothing, for one reason. */
export class RefusingDisk extends Disk {
  readonly visibility = 'private';

  constructor(private readonly reason: () => Error) {
    super();
  }

  override save(): Promise<never> {
    return Promise.reject(this.reason());
  }

  override open(): Promise<never> {
    return Promise.reject(this.reason());
  }

  override async delete(): Promise<void> {}

  override async exists(): Promise<boolean> {
    return false;
  }

  override size(): Promise<never> {
    return Promise.reject(this.reason());
  }

  override modified(): Promise<never> {
    return Promise.reject(this.reason());
  }

  override url(name: string): string {
    return `/media/${name}`;
  }
}

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a database server that breaks on demand. */
export interface BreakingProxy {
  /** The URL of the database through this way. */
  readonly url: string;
  /** Breaks the next `count` connections on which something is sent, instead of passing it on. */
  breakNext(count?: number): void;
  /** Breaks every connection and takes no new one until {@link BreakingProxy.up}. */
  down(): void;
  up(): void;
  close(): Promise<void>;
}

/** Listens in front of the server of a database URL. */
export async function openProxy(url: string): Promise<BreakingProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let toBreak = 0;
  let isDown = false;
  const server: Server = createServer((client) => {
    if (isDown) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (data) => {
      if (toBreak === 0) upstream.write(data);
      else client.destroy();
      toBreak = Math.max(0, toBreak - 1);
    });
    upstream.on('data', (data) => client.write(data));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(url);
  through.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const breakAll = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    url: through.href,
    breakNext: (count = 1) => void (toBreak = count),
    down: () => {
      isDown = true;
      breakAll();
    },
    up: () => void (isDown = false),
    close: async () => {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}

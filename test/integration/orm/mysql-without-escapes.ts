import { type AddressInfo, type Server, type Socket } from 'node:net';

import mysql from 'mysql2';

/** A server that passes statements on to a real one, in sessions of the mode NO_BACKSLASH_ESCAPES. */
export interface PassingServer {
  readonly url: string;
  close(): Promise<void>;
}

/** The parts of mysql2's server side that its types leave out. */
interface Client {
  sequenceId: number;
  readonly stream: Socket;
  serverHandshake(options: object): void;
  on(event: 'query' | 'stmt_prepare', listener: (sql: string) => void): void;
  on(event: 'error' | 'end', listener: () => void): void;
  writeTextResult(rows: unknown, columns: unknown): void;
  writeOk(packet: unknown): void;
  writeError(error: { readonly message: string; readonly code?: number | undefined }): void;
}

const MODE = "SET sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES')";

/** Listens on a port of its own. With `refuseSet` every SET of a client fails. */
export async function listenWithout(real: string, refuseSet: boolean): Promise<PassingServer> {
  const server = mysql.createServer(() => undefined);
  const remotes: mysql.Connection[] = [];
  server.on('connection', (connection: unknown) => {
    const client = connection as Client;
    const remote = mysql.createConnection({ uri: real, dateStrings: true });
    remotes.push(remote);
    remote.query(MODE);
    const answer = (write: () => void): void => {
      if (client.stream.writableEnded) return;
      // Packets of an answer count on from the question, which the library leaves to whoever answers.
      client.sequenceId = 1;
      write();
      client.sequenceId = 0;
    };
    const pass = (sql: string): void => {
      remote.query(sql, (error, result, columns) => {
        if (error) answer(() => client.writeError({ message: error.message, code: error.errno }));
        else if (Array.isArray(result)) answer(() => client.writeTextResult(result, columns));
        else answer(() => client.writeOk(result));
      });
    };
    client.on('query', pass);
    client.on('stmt_prepare', (sql) =>
      refuseSet ? answer(() => client.writeError({ message: 'no SET here', code: 1231 })) : pass(sql),
    );
    client.on('error', () => undefined);
    client.serverHandshake({
      protocolVersion: 10,
      serverVersion: '10.11.0-MariaDB',
      connectionId: remotes.length,
      statusFlags: 2,
      characterSet: 45,
      capabilityFlags: 0xff_f7_ff,
      authCallback: (_: unknown, done: () => void) => {
        done();
        client.sequenceId = 0;
      },
    });
  });
  const listener = (server as unknown as { readonly _server: Server })._server;
  await new Promise<void>((resolve) => {
    server.listen(0);
    listener.once('listening', resolve);
  });
  const url = new URL(real);
  url.host = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
  return {
    url: url.href,
    close: async () => {
      for (const remote of remotes) remote.end();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}

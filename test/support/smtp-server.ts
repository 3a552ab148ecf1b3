import { type AddressInfo } from 'node:net';

import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';

/** A message that the server took, with the addresses of its envelope. */
export interface TakenMessage {
  readonly from: string;
  readonly recipients: readonly string[];
  /** As it was sent, one byte for each character. */
  readonly source: string;
  readonly encrypted: boolean;
}

/** A server of mail on a port of its own. */
export interface TestSmtpServer {
  readonly port: number;
  readonly taken: readonly TakenMessage[];
  /** Connections so far. */
  readonly connections: number;
  close(): Promise<void>;
}

/** What a server refuses, by address of a recipient: a number and a text, as SMTP has them. */
export type Refusals = Readonly<Record<string, readonly [code: number, text: string]>>;

/** Starts a server that takes mail, over plain connections unless it is given a certificate. */
export async function startSmtpServer(
  options: SMTPServerOptions = {},
  refusals: Refusals = {},
): Promise<TestSmtpServer> {
  const taken: TakenMessage[] = [];
  let connections = 0;
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    onConnect(_session, callback) {
      connections += 1;
      callback();
    },
    onRcptTo({ address }, _session, callback) {
      const refusal = refusals[address];
      callback(refusal ? Object.assign(new Error(refusal[1]), { responseCode: refusal[0] }) : null);
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        taken.push({ ...envelopeOf(session), source: Buffer.concat(chunks).toString('latin1') });
        callback();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    taken,
    get connections() {
      return connections;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
      }),
  };
}

function envelopeOf({ envelope, secure }: SMTPServerSession): Omit<TakenMessage, 'source'> {
  return {
    from: envelope.mailFrom ? envelope.mailFrom.address : '',
    recipients: envelope.rcptTo.map(({ address }) => address),
    encrypted: secure,
  };
}

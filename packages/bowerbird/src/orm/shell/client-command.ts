import { CommandError } from '#core';

import { type Database } from '../connection/database.js';
import { type Dialect } from '../describe/entity-description.js';
import { parseNetworkUrl, type NetworkAddress } from '../drivers/network-url.js';
import { type TlsOptions } from '../orm.options.js';

/** A database client to start. Secrets stand in files that only the account can read, never in the arguments. */
export interface ClientCommand {
  /** Programs to try, in order, and how each is called. */
  readonly programs: readonly { readonly name: string; readonly args: readonly string[] }[];
  /** Files that the client reads, by their name in the folder. */
  readonly files: Readonly<Record<string, string>>;
}

/** What a connection is made of, whoever made it. */
interface ClientTarget extends Omit<NetworkAddress, 'parameters'> {
  readonly socket: string | undefined;
  readonly schema: string | undefined;
  readonly tls: TlsOptions | null;
}

type MakeClient = (database: Database, folder: string) => ClientCommand;

const CLIENTS: Readonly<Record<Dialect, MakeClient>> = {
  sqlite: (database) => {
    const file = String((database.dataSource.options as { readonly database?: unknown }).database);
    if (file === ':memory:')
      throw new CommandError('A database in memory has no client: it belongs to this process alone');
    return { programs: [{ name: 'sqlite3', args: [file] }], files: {} };
  },
  postgres: (database, folder) => {
    const target = targetOf(database, 5432);
    const { host, port, username, password, database: name, schema } = target;
    const words = {
      host,
      port: String(port),
      user: username,
      dbname: name,
      passfile: password === undefined ? undefined : `${folder}/pgpass`,
      options: schema === undefined ? undefined : `-csearch_path=${schema}`,
      ...postgresTls(target.tls, folder),
    };
    const files = { ...(password !== undefined && { pgpass: `*:*:*:*:${escaped(password, /[\\:]/g)}\n` }) };
    return {
      programs: [{ name: 'psql', args: [connectionText(words)] }],
      files: { ...files, ...tlsFiles(target.tls) },
    };
  },
  mysql: (database, folder) => {
    const target = targetOf(database, 3306);
    const args = [`--defaults-extra-file=${folder}/client.cnf`, target.database];
    return {
      programs: [
        { name: 'mysql', args },
        { name: 'mariadb', args },
      ],
      files: { 'client.cnf': optionFile(target, folder), ...tlsFiles(target.tls) },
    };
  },
};

/** How to start the client of a database; its files go to a folder. @throws CommandError for a database in memory */
export function clientCommand(database: Database, folder: string): ClientCommand {
  return CLIENTS[database.dialect](database, folder);
}

function targetOf({ config, dataSource }: Database, port: number): ClientTarget {
  const given = dataSource.options as Partial<ClientTarget> & { readonly url?: string; readonly socketPath?: string };
  const url = config.adopted ? given.url : config.url;
  const read = url === undefined ? undefined : parseNetworkUrl(url, port);
  return {
    host: read?.host ?? given.host ?? 'localhost',
    port: read?.port ?? given.port ?? port,
    username: read?.username ?? given.username,
    password: read?.password ?? given.password,
    database: read?.database ?? given.database ?? '',
    socket: read?.parameters.get('socket') ?? given.socketPath,
    schema: read?.parameters.get('schema') ?? given.schema,
    tls: config.tls,
  };
}

function connectionText(words: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(words)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name}='${escaped(value, /[\\']/g)}'`)
    .join(' ');
}

function postgresTls(tls: TlsOptions | null, folder: string): Readonly<Record<string, string | undefined>> {
  if (!tls) return {};
  return {
    sslmode: tls.verify === false ? 'require' : 'verify-full',
    sslrootcert: tls.ca ? `${folder}/ca.pem` : tls.verify === false ? undefined : 'system',
    sslcert: tls.certificate ? `${folder}/certificate.pem` : undefined,
    sslkey: tls.key ? `${folder}/key.pem` : undefined,
  };
}

/** An option file of the clients of MySQL and MariaDB. What one of them does not know is marked as optional. */
function optionFile({ host, port, username, password, socket, tls }: ClientTarget, folder: string): string {
  const options: Readonly<Record<string, string | number | undefined>> = {
    host,
    port,
    user: username,
    password,
    socket,
    ...(tls && { 'loose-ssl-mode': tls.verify === false ? 'REQUIRED' : 'VERIFY_IDENTITY' }),
    ...(tls && { 'loose-ssl': '1', 'loose-ssl-verify-server-cert': tls.verify === false ? '0' : '1' }),
    ...(tls?.ca && { 'ssl-ca': `${folder}/ca.pem` }),
    ...(tls?.certificate && { 'ssl-cert': `${folder}/certificate.pem` }),
    ...(tls?.key && { 'ssl-key': `${folder}/key.pem` }),
  };
  const lines = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}="${escaped(String(value), /\\/g).replaceAll('\n', '\\n')}"`);
  return ['[client]', ...lines, ''].join('\n');
}

function tlsFiles(tls: TlsOptions | null): Readonly<Record<string, string>> {
  return {
    ...(tls?.ca && { 'ca.pem': tls.ca }),
    ...(tls?.certificate && { 'certificate.pem': tls.certificate }),
    ...(tls?.key && { 'key.pem': tls.key }),
  };
}

function escaped(text: string, marks: RegExp): string {
  return text.replace(marks, (mark) => `\\${mark}`);
}

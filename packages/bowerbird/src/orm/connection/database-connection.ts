import { DataSource, type EntityMetadata, type EntitySubscriberInterface } from 'typeorm';

import { MASK, urlPassword, type Class, type Clock } from '#core';

import { acceptPortableTypes, makePortable } from '../describe/portable-columns.js';
import { type DatabaseDriver } from '../drivers/database-driver.js';
import { type RowCursor } from '../drivers/row-cursor.js';
import { ConnectionError, EntityMetadataError } from '../orm.errors.js';
import { type DatabaseConfig } from '../orm.options.js';
import { installTransactions } from '../transactions/install-transactions.js';
import { TransactionCursor, type SendStatement } from '../transactions/transaction-cursor.js';
import { TransactionFailures } from '../transactions/transaction-failures.js';
import { Transactions } from '../transactions/transactions.js';
import { concealed } from './conceal-values.js';
import { type DirectSend } from './direct-sends.js';
import { nameProxies } from './name-proxies.js';
import { tellPairsApart } from './pairs-apart.js';
import { Replicas } from './replicas.js';
import { Sender } from './sender.js';
import { StatementWatch } from './statement-watch.js';
import { Stickiness } from './stickiness.js';

/** TypeORM builds metadata while it connects; makemigrations and the checks need it without. */
interface MetadataBuilding {
  buildMetadatas(): Promise<void>;
}

/** The classes whose rows a database holds: those with tables, and those that stand for the rows of others. */
export interface EntityClasses {
  readonly entities: readonly Class[];
  readonly proxies: readonly Class[];
}

/** A data source with what the framework adds to it: portable columns, ambient transactions, write events. */
export class DatabaseConnection {
  readonly transactions: Transactions;
  readonly stickiness: Stickiness;
  readonly sender: Sender;
  /** Entities that an adopted data source brought itself; their columns and tables are left alone. */
  readonly foreign = new Set<unknown>();
  private openedHere = false;
  private opening: Promise<void> | undefined;
  private readonly replicas: Replicas;
  private readonly watch: StatementWatch;

  private constructor(
    readonly config: DatabaseConfig,
    readonly driver: DatabaseDriver,
    readonly dataSource: DataSource,
    private readonly subscriber: EntitySubscriberInterface,
    clock: Clock,
    private readonly proxies: readonly Class[],
  ) {
    this.transactions = new Transactions(dataSource, config.alias, new TransactionFailures(driver));
    this.stickiness = new Stickiness(config.alias, config.stickyReads, clock);
    this.replicas = new Replicas(config, driver, clock);
    this.watch = new StatementWatch(config);
    this.sender = new Sender(dataSource, this.transactions, this.replicas, this.directSend());
  }

  /** Makes the data source and reads the decorators of its entities, without connecting. @throws EntityMetadataError */
  static async create(
    config: DatabaseConfig,
    driver: DatabaseDriver,
    { entities, proxies }: EntityClasses,
    subscriber: EntitySubscriberInterface,
    clock: Clock,
  ): Promise<DatabaseConnection> {
    const dataSource = config.adopted ?? new DataSource({ ...(await driver.dataSourceOptions(config)), entities: [] });
    const connection = new DatabaseConnection(config, driver, dataSource, subscriber, clock, proxies);
    if (config.adopted) await connection.keepForeignEntities();
    connection.install();
    await connection.register(entities);
    return connection;
  }

  /**
   * Connects unless connected, and gives whether it did; those that wait for the same opening hear false.
   * @throws ConnectionError within the connect timeout
   */
  async open(): Promise<boolean> {
    if (this.dataSource.isInitialized) return false;
    const first = this.opening === undefined;
    this.opening ??= this.initialize().finally(() => (this.opening = undefined));
    await this.opening;
    return first;
  }

  /** Closes the connection if it was opened here. */
  async close(): Promise<void> {
    if (!this.openedHere || !this.dataSource.isInitialized) return;
    this.openedHere = false;
    await Promise.all([this.dataSource.destroy(), this.replicas.close()]);
  }

  /**
   * The rows of a statement, read part by part; undefined where a part of its own statement is better: a cursor would keep
   * others waiting.
   */
  async cursor(sql: string, parameters: readonly unknown[]): Promise<RowCursor | undefined> {
    const { driver, dataSource, config, transactions } = this;
    const scope = transactions.current;
    if (!scope) return driver.cursor({ dataSource, config, sql, parameters });
    const send: SendStatement = (text, values = []) => dataSource.query(text, [...values]);
    return driver.cursors ? TransactionCursor.open(scope, send, sql, parameters) : undefined;
  }

  /** A data source that was adopted keeps its logger and subscribers, which hear of what runners send. */
  private directSend(): DirectSend | undefined {
    const { config, driver, dataSource } = this;
    if (config.adopted || config.replicas.length > 0) return undefined;
    const direct = driver.directSend(dataSource, config);
    return direct && this.watch.watched(concealed(direct));
  }

  private install(): void {
    const { dataSource, transactions, stickiness, config } = this;
    acceptPortableTypes(dataSource, config.dialect, ({ entityMetadata }) =>
      entityMetadata ? !this.isForeignTable(entityMetadata) : config.adopted === null,
    );
    this.driver.prepare(dataSource, config);
    this.replicas.install(dataSource, () => stickiness.sticks);
    installTransactions({
      dataSource,
      transactions,
      create: this.driver.runners(dataSource, config, (target) => this.isForeign(target)),
      waitLimit: config.waitTimeout,
      watch: this.watch,
      noting: config.replicas.length > 0 ? (send) => stickiness.noting(send) : (send) => send,
      ambient: config.adopted === null || config.dialect === 'sqlite',
      shared: config.dialect === 'sqlite',
    });
    const building = dataSource as unknown as MetadataBuilding;
    const build = building.buildMetadatas.bind(dataSource);
    Object.assign(dataSource, {
      buildMetadatas: async () => {
        await build();
        const ours = dataSource.entityMetadatas.filter((metadata) => !this.isForeignTable(metadata));
        makePortable(ours, config.dialect);
        tellPairsApart(dataSource, ours);
        nameProxies(dataSource, this.proxies);
        // The project's own `synchronize: true` must not make tables that belong to migrations.
        if (config.adopted) for (const metadata of ours) Object.assign(metadata, { synchronize: false });
        dataSource.subscribers.push(this.subscriber);
      },
    });
  }

  private isForeign(target: unknown): boolean {
    return this.foreign.has(target);
  }

  /** A table of pairs belongs to whom its owning entity belongs. */
  private isForeignTable({ target, ownerColumns }: EntityMetadata): boolean {
    const owner = ownerColumns[0]?.referencedColumn?.entityMetadata;
    return this.isForeign(owner ? owner.target : target);
  }

  private async register(entities: readonly Class[]): Promise<void> {
    const { dataSource } = this;
    const own = Object.values(dataSource.options.entities ?? []) as Class[];
    dataSource.setOptions({ entities: [...new Set([...own, ...entities])] });
    await this.build();
  }

  private async keepForeignEntities(): Promise<void> {
    if (!this.dataSource.isInitialized) await this.build();
    for (const { target } of this.dataSource.entityMetadatas) this.foreign.add(target);
  }

  private async build(): Promise<void> {
    try {
      await (this.dataSource as unknown as MetadataBuilding).buildMetadatas();
    } catch (cause) {
      throw new EntityMetadataError((cause as Error).message, {
        hint: 'Compare the decorators of the entity with what the message says',
        cause,
      });
    }
  }

  private async initialize(): Promise<void> {
    const { config, dataSource } = this;
    try {
      this.openedHere = true;
      await withinLimit(dataSource.initialize(), config.connectTimeout, () => dataSource.destroy());
    } catch (cause) {
      throw cannotConnect(config, cause);
    }
  }
}

/** Fails when the work is not done within the limit in milliseconds; work that ends later is undone. */
async function withinLimit(work: Promise<unknown>, limit: number, undo: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${limit} ms`));
      work.then(undo).catch(() => undefined);
    }, limit);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function cannotConnect({ alias, shown, url }: DatabaseConfig, cause: unknown): ConnectionError {
  const password = urlPassword(url);
  const secrets = password ? [password, decoded(password)] : [];
  const reason = secrets.reduce((text, secret) => text.replaceAll(secret, MASK), describeCause(cause));
  return new ConnectionError(`Cannot connect to the database "${alias}" (${shown}): ${reason}`, {
    hint: 'Check that the database runs, that its address is right and that the login is allowed',
    cause,
  });
}

/** A password with a stray percent sign is meant as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Node reports several refused addresses as an AggregateError without a message. */
function describeCause(cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === '') return cause.errors.map(describeCause).join('; ');
  return cause instanceof Error ? cause.message || (cause as { code?: string }).code || cause.name : String(cause);
}

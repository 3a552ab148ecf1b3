import { type AnyClass, type Class } from '#core';

import { UnknownAppError } from '../orm.errors.js';
import { type NamedMigration } from './app.decorator.js';

/** Where an app keeps its migration files. */
export interface MigrationLocation {
  /** Folder; ends with a slash. It need not exist yet. */
  readonly url: URL;
  /** The migrations themselves, for programs that run without the folder. */
  readonly modules?: readonly NamedMigration[];
  /** Whether a file beside them names the newest one. */
  readonly linear?: boolean;
}

/** One app of the running application. */
export interface AppDescription {
  readonly name: string;
  readonly label: string;
  /** The Nest module that carries `@App`. */
  readonly module: AnyClass;
  readonly entities: readonly Class[];
  /** Null where the app has no migrations. */
  readonly migrations: MigrationLocation | null;
  readonly templates?: URL;
  readonly assets?: URL;
  readonly fixtures?: URL;
  /** Alias of the database that holds its tables. */
  readonly database: string;
  /** What the app says of its tables; undefined where it says nothing. */
  readonly managed?: boolean;
}

/** Something wrong with the apps, for the checks. */
export interface AppProblem {
  readonly kind: 'duplicate-name' | 'duplicate-entity' | 'not-an-app' | 'bad-name' | 'not-an-entity';
  readonly message: string;
  readonly at: string;
}

/** The installed apps, in the order of the settings. */
export class AppRegistry {
  private readonly byName: ReadonlyMap<string, AppDescription>;
  private readonly owners: ReadonlyMap<Class, AppDescription>;

  constructor(
    private readonly apps: readonly AppDescription[],
    readonly problems: readonly AppProblem[] = [],
  ) {
    this.byName = new Map(apps.toReversed().map((app) => [app.name, app]));
    this.owners = new Map(apps.toReversed().flatMap((app) => app.entities.map((entity) => [entity, app] as const)));
  }

  all(): readonly AppDescription[] {
    return this.apps;
  }

  /** @throws UnknownAppError with the nearest name */
  get(name: string): AppDescription {
    const app = this.byName.get(name);
    if (!app) throw new UnknownAppError(name, this.byName.keys());
    return app;
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** The app that owns an entity, or undefined. */
  appOf(entity: AnyClass): AppDescription | undefined {
    return this.owners.get(entity as Class);
  }
}

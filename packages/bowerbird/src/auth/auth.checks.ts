import { DiscoveryService, MetadataScanner } from '@nestjs/core';

import { Check, CheckRule, didYouMean, error, findContributions, warning, type Class, type Findings } from '#core';
import { AppRegistry, Descriptions, type EntityDescription } from '#orm';

import { ACCESS_REQUIREMENT } from './access/access.decorators.js';
import { AuthConfig } from './auth.options.js';
import { MODEL_ACTIONS, permissionFor } from './permissions/codename.js';
import { Policy, type EntityPolicy } from './permissions/policy.js';

/** What the framework reads of an account; the relations are `groups` and `permissions`. */
const REQUIRED_FIELDS = ['id', 'email', 'password', 'isActive', 'isStaff', 'isSuperuser', 'lastLogin'] as const;

const POLICY_METHODS: readonly string[] = [...MODEL_ACTIONS, 'scope'];

/** Finds accounts, hashers, permissions and policies that cannot work. */
@Check('auth')
export class AuthChecks {
  constructor(
    private readonly config: AuthConfig,
    private readonly apps: AppRegistry,
    private readonly descriptions: Descriptions,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  @CheckRule()
  *userBelongsToAnApp(): Findings {
    const { user } = this.config;
    if (this.apps.appOf(user)) return;
    yield error('auth.E004', `The user class ${user.name} belongs to no app`, {
      at: 'settings.auth.user',
      hint: `List ${user.name} in the entities of an @App module, and the module in settings.apps`,
    });
  }

  @CheckRule()
  *userHasTheFields(): Findings {
    const { user } = this.config;
    if (!this.apps.appOf(user)) return;
    const description = this.descriptions.of(user);
    const missing = [
      ...REQUIRED_FIELDS.filter((path) => !description.field(path)),
      ...['groups', 'permissions'].filter((path) => description.relation(path)?.kind !== 'many-to-many'),
    ];
    for (const path of missing)
      yield error('auth.E005', `The user class ${user.name} has no column "${path}"`, {
        at: `${user.name}.${path}`,
        hint: 'Extend AbstractUser, add a primary key named "id", and do not hide its columns',
      });
  }

  @CheckRule()
  async *hashersWork(): Findings {
    for (const hasher of this.config.hashers)
      for (const problem of await hasher.problems())
        yield error('auth.E006', problem, {
          at: 'settings.auth.hashers',
          hint: 'Correct the parameters or install the package, or use authDrivers.scrypt()',
        });
  }

  @CheckRule()
  *requiredPermissionsExist(): Findings {
    const known = new Set(this.descriptions.withProxies().flatMap(codenamesOf));
    for (const { at, codename } of this.requiredPermissions()) {
      if (known.has(codename)) continue;
      const hint = didYouMean(codename, known) || 'Name it in @Meta({ permissions }) of its entity';
      yield error('auth.E007', `@RequirePermission() names "${codename}", which no entity has`, { at, hint });
    }
  }

  @CheckRule()
  *policiesFit(): Findings {
    const entities = new Set<unknown>(this.descriptions.withProxies().map(({ target }) => target));
    for (const { instance, meta, name } of findContributions<EntityPolicy, Class>(this.discovery, Policy)) {
      if (!entities.has(meta))
        yield error('auth.E008', `@Policy(${meta?.name ?? String(meta)}) names no entity`, {
          at: name,
          hint: 'Give it an entity class of one of the apps',
        });
      if (!POLICY_METHODS.some((method) => method in instance))
        yield error('auth.E008', `${name} decides nothing`, { at: name, hint: `Add ${POLICY_METHODS.join(', ')}` });
    }
  }

  @CheckRule()
  *hashersAreStrong(): Findings {
    for (const weakness of this.config.hashers[0]!.weaknesses())
      yield warning('auth.W001', weakness, {
        at: 'settings.auth.hashers',
        hint: 'Use the default parameters; weak ones are for tests',
      });
  }

  @CheckRule({ deploy: true })
  *passwordsAreJudged(): Findings {
    if (this.config.passwordRules.length > 0) return;
    yield warning('auth.W002', 'Any password is accepted, even an empty one', {
      at: 'settings.auth.passwordRules',
      hint: 'Leave the setting out, or list rules',
    });
  }

  @CheckRule({ deploy: true })
  *loginsAreThrottled(): Findings {
    if (this.config.throttle) return;
    yield warning('auth.W003', 'Passwords can be guessed without limit', {
      at: 'settings.auth.throttle',
      hint: 'Leave the setting out, or limit logins in front of the application',
    });
  }

  private *requiredPermissions(): Generator<{ readonly at: string; readonly codename: string }> {
    for (const { metatype } of this.discovery.getControllers()) {
      if (typeof metatype !== 'function') continue;
      const codenames = (subject: object) => ACCESS_REQUIREMENT.read(subject)?.permissions ?? [];
      for (const codename of codenames(metatype)) yield { at: metatype.name, codename };
      const prototype = metatype.prototype as Record<string, object>;
      for (const method of this.scanner.getAllMethodNames(prototype))
        for (const codename of codenames(prototype[method]!)) yield { at: `${metatype.name}.${method}`, codename };
    }
  }
}

function codenamesOf(description: EntityDescription): readonly string[] {
  const actions = [...MODEL_ACTIONS, ...Object.keys(description.permissions)];
  return actions.map((action) => permissionFor(action, description));
}

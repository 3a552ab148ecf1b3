import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { findContributions, isPromiseLike, type Class } from '#core';
import { Descriptions, type QuerySet } from '#orm';

import { type AbstractUser } from '../users/abstract-user.js';
import { MODEL_ACTIONS, permissionFor, type ModelAction } from './codename.js';
import { PermissionStore } from './permission-store.js';
import { Policy, type EntityPolicy } from './policy.js';

type Codenames = ReadonlySet<string>;

/** A model permission taken apart. */
interface ModelPermission {
  readonly entity: Class;
  readonly action: ModelAction;
}

/**
 * Answers who may do what. In this order: inactive users may nothing; superusers everything; then the policies of the
 * entity, where deny wins; then the permissions of the user and of their groups, read once per request in one query.
 */
@Injectable()
export class Permissions implements OnModuleInit {
  /** Sets, no promises, once they are there: a promise holds the context in which it was made, and with it the request. */
  private readonly granted = new WeakMap<AbstractUser, Codenames | Promise<Codenames>>();
  private policies: ReadonlyMap<Class, readonly EntityPolicy[]> = new Map();
  private models: ReadonlyMap<string, ModelPermission> = new Map();

  constructor(
    private readonly store: PermissionStore,
    private readonly descriptions: Descriptions,
    private readonly discovery: DiscoveryService,
  ) {}

  onModuleInit(): void {
    this.policies = collectPolicies(this.discovery);
    this.models = this.collectModels();
  }

  /** Whether the user has a permission, on the object when one is given. Visitors (null) have none. */
  async has(user: AbstractUser | null, codename: string, object?: object): Promise<boolean> {
    if (!user?.isActive) return false;
    if (user.isSuperuser) return true;
    const model = this.models.get(codename);
    const policies = model && this.policies.get(model.entity);
    const answer = policies && (await this.askPolicies(policies, model.action, user, object));
    if (typeof answer === 'boolean') return answer;
    const granted = this.grantedTo(user);
    return (isPromiseLike(granted) ? await granted : granted).has(codename);
  }

  /** Whether the user has all of these permissions. */
  async hasAll(user: AbstractUser | null, codenames: Iterable<string>, object?: object): Promise<boolean> {
    for (const codename of codenames) if (!(await this.has(user, codename, object))) return false;
    return true;
  }

  /** Whether the user may do something with an entity, on the object when one is given. */
  may(user: AbstractUser | null, action: ModelAction, entity: Class, object?: object): Promise<boolean> {
    return this.has(user, permissionFor(action, this.descriptions.of(entity)), object);
  }

  /**
   * The codenames that a user has by themselves and through groups: every known one for superusers, none for visitors
   * and inactive users. Read once for each user object; policies are not asked.
   */
  async all(user: AbstractUser | null): Promise<Codenames> {
    return user?.isActive ? this.grantedTo(user) : new Set();
  }

  /** Whether a policy decides about an action on an entity, so that the answer can differ from object to object. */
  isDecidedByPolicy(entity: Class, action: ModelAction): boolean {
    return (this.policies.get(entity) ?? []).some((policy) => policy[action] !== undefined);
  }

  /** Whether a policy narrows the rows of an entity that users may see. */
  isScoped(entity: Class): boolean {
    return (this.policies.get(entity) ?? []).some((policy) => policy.scope !== undefined);
  }

  /** Narrows a query to the rows that the entity's policies let the user see; all policies narrow together. */
  scope<E extends object>(user: AbstractUser | null, entity: Class<E>, query: QuerySet<E>): QuerySet<E> {
    if (!user?.isActive) return query.none();
    if (user.isSuperuser) return query;
    const policies = (this.policies.get(entity) ?? []) as unknown as readonly EntityPolicy<E>[];
    return policies.reduce((narrowed, policy) => policy.scope?.(user, narrowed) ?? narrowed, query);
  }

  /** Notes what was read together with a user object. */
  know(user: AbstractUser, codenames: Codenames): void {
    if (!user.isSuperuser) this.granted.set(user, codenames);
  }

  /** Forgets what was read for a user object, after its permissions were changed. */
  forget(user: AbstractUser): void {
    this.granted.delete(user);
  }

  private grantedTo(user: AbstractUser): Codenames | Promise<Codenames> {
    return this.granted.get(user) ?? this.read(user);
  }

  private async read(user: AbstractUser): Promise<Codenames> {
    const reading = user.isSuperuser ? this.store.everything() : this.store.of(user);
    this.granted.set(user, reading);
    try {
      const codenames = await reading;
      if (this.granted.get(user) === reading) this.granted.set(user, codenames);
      return codenames;
    } catch (error) {
      if (this.granted.get(user) === reading) this.granted.delete(user);
      throw error;
    }
  }

  private async askPolicies(
    policies: readonly EntityPolicy[],
    action: ModelAction,
    user: AbstractUser,
    object?: object,
  ): Promise<boolean | undefined> {
    let answer: boolean | undefined;
    for (const policy of policies) {
      const said = await policy[action]?.(user, object);
      if (said === false) return false;
      answer ??= said;
    }
    return answer;
  }

  private collectModels(): ReadonlyMap<string, ModelPermission> {
    const all = this.descriptions.withProxies().flatMap((description) =>
      MODEL_ACTIONS.map((action) => {
        const model: ModelPermission = { entity: description.target, action };
        return [permissionFor(action, description), model] as const;
      }),
    );
    return new Map(all);
  }
}

function collectPolicies(discovery: DiscoveryService): ReadonlyMap<Class, readonly EntityPolicy[]> {
  const byEntity = new Map<Class, EntityPolicy[]>();
  for (const { instance, meta } of findContributions<EntityPolicy, Class>(discovery, Policy))
    byEntity.set(meta, [...(byEntity.get(meta) ?? []), instance]);
  return byEntity;
}

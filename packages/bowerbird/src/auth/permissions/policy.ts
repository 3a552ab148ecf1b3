import { DiscoveryService } from '@nestjs/core';

import { type Class } from '#core';
import { type QuerySet } from '#orm';

import { type AbstractUser } from '../users/abstract-user.js';

/** A policy's answer: allow, deny, or leave it to the user's permissions. */
export type PolicyAnswer = boolean | undefined | Promise<boolean | undefined>;

/**
 * Decides per object who may do what with the rows of one entity. Each method may be left out. It gets the object, or
 * nothing when the question is general ("may they change any post?"). `undefined` falls back to the model permission;
 * where several policies answer, deny wins. Superusers and inactive users are decided before any policy is asked.
 */
export interface EntityPolicy<E extends object = object, U extends AbstractUser = AbstractUser> {
  view?(user: U, object?: E): PolicyAnswer;
  add?(user: U, object?: E): PolicyAnswer;
  change?(user: U, object?: E): PolicyAnswer;
  delete?(user: U, object?: E): PolicyAnswer;
  /** Narrows lists to the rows that the user may see. */
  scope?(user: U, query: QuerySet<E>): QuerySet<E>;
}

/** Marks a provider as the policy of an entity: `@Policy(Post) class PostPolicy implements EntityPolicy<Post>`. */
export const Policy = DiscoveryService.createDecorator<Class>();

import { type AbstractUser } from '#auth';
import { type HttpRequest } from '#http';

/** Who asks for what: given to every per-request hook. */
export interface AdminContext {
  readonly user: AbstractUser;
  readonly request: HttpRequest;
}

/** What a user may do with rows of an entity. */
export type AdminPermission = 'view' | 'add' | 'change' | 'delete';

/**
 * Who may call an action: everybody, who is logged in, staff, or who has permissions. `model` asks for the permission of
 * the entity that belongs to the action (`blog.view_post`), and policies for the row.
 */
export type AccessRule = 'public' | 'authenticated' | 'staff' | 'model' | { readonly permissions: readonly string[] };

/** Rules by action; `read` and `write` stand for all that are not named. */
export type AccessRules = Readonly<Partial<Record<'read' | 'write', AccessRule>>> &
  Readonly<Record<string, AccessRule>>;

/** The rule of an action; `model` where nothing is said. */
export function ruleFor(access: AccessRule | AccessRules | undefined, action: string, safe: boolean): AccessRule {
  if (access === undefined) return 'model';
  if (typeof access === 'string' || isPermissions(access)) return access;
  return access[action] ?? access[safe ? 'read' : 'write'] ?? 'model';
}

function isPermissions(access: AccessRule | AccessRules): access is { readonly permissions: readonly string[] } {
  return typeof access === 'object' && Array.isArray((access as { readonly permissions?: unknown }).permissions);
}

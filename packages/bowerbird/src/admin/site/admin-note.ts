import { NoteKey, type AnyClass, type Class } from '#core';

import { type ActionOptions, type DisplayOptions, type OpenAdminOptions } from './admin-options.js';
import { type ModelAdmin } from './model-admin.js';

/** What a decorator left on an entity class. */
export interface AdminNote {
  readonly options: OpenAdminOptions;
  /** The admin class, where there is one. */
  readonly admin?: Class<ModelAdmin<never>>;
}

/** Every admin declaration of one entity class; more than one is a finding. */
export const ADMIN_NOTES = new NoteKey<readonly AdminNote[]>('admin');

/** On a method or getter: how it is shown in lists and on forms. */
export const DISPLAY_NOTE = new NoteKey<DisplayOptions>('admin display');

/** One action method of an admin class. */
export interface ActionNote extends ActionOptions {
  readonly method: string;
}

/** On an admin class: its action methods in the order of their declaration. */
export const ACTION_NOTES = new NoteKey<readonly ActionNote[]>('admin actions');

/** The declarations of exactly this class, without those of the class that it extends. */
export function adminNotes(entity: AnyClass): readonly AdminNote[] {
  return ADMIN_NOTES.readOwn(entity) ?? [];
}

/** Leaves one more declaration on an entity class. */
export function addAdminNote(entity: AnyClass, note: AdminNote): void {
  ADMIN_NOTES.write(entity, [...adminNotes(entity), note]);
}

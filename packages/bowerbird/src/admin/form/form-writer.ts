import { Injectable } from '@nestjs/common';

import { ValidationError } from '#forms';
import { StorageFullError } from '#storage';

import { type SaveContext } from '../site/model-admin.js';
import { type AdminForm } from './admin-form.js';
import { type FormPlan } from './form-plan.js';

/** The code of the issue that is no mistake of the visitor. */
const NO_ROOM = 'storage_full';

/** The status of a form that is shown again: 507 where a disk was full, otherwise 422. */
export function refusalStatus({ errors }: AdminForm): 422 | 507 {
  return errors.get('').some(({ code }) => code === NO_ROOM) ? 507 : 422;
}

/** Writes a valid form: the row, its many-to-many links and the hooks of its admin class, all or nothing. */
@Injectable()
export class FormWriter {
  /** The saved row, or null when something refused it, which the form's errors then tell. */
  async write({ descriptor: { admin }, context, row }: FormPlan, form: AdminForm): Promise<object | null> {
    if (!(await form.isValid())) return null;
    const saving: SaveContext = { ...context, changed: form.changed, adding: row === null };
    try {
      return await form.trySave({
        before: (saved) => admin.beforeSave(saved, saving),
        after: (saved) => admin.afterSave(saved, saving),
      });
    } catch (error) {
      if (error instanceof ValidationError) form.addError(null, error);
      else if (error instanceof StorageFullError)
        form.addError(null, 'The file could not be stored, because the disk is full. Nothing was saved.', NO_ROOM);
      else throw error;
      return null;
    }
  }
}

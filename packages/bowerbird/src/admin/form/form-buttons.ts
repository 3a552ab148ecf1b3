import { Injectable } from '@nestjs/common';

import { isAccount } from '../site/account-rank.js';
import { AdminAccess } from '../site/admin-access.js';
import { listUrl, rowUrl, type FormAddress } from './form-address.js';
import { type FormPlan } from './form-plan.js';

/** The buttons at the end of a form. */
export interface ButtonsView {
  readonly save: boolean;
  readonly saveAsNew: boolean;
  readonly saveAndContinue: boolean;
  readonly saveAndAdd: boolean;
  /** Null in small windows, which are closed instead. */
  readonly cancelUrl: string | null;
  readonly deleteUrl: string | null;
}

/** A link at the top of a form. */
export interface FormTool {
  readonly label: string;
  readonly icon: string;
  readonly url: string;
  /** Leads out of the admin. */
  readonly external: boolean;
}

/** Decides which buttons and links a form has, by permission. */
@Injectable()
export class FormButtons {
  constructor(private readonly access: AdminAccess) {}

  async build(
    { descriptor, context, row }: FormPlan,
    address: FormAddress,
    changeable: boolean,
  ): Promise<{ readonly buttons: ButtonsView; readonly tools: readonly FormTool[] }> {
    const { popup } = address;
    const add = await this.access.may(descriptor, 'add', context);
    const remove = row !== null && !popup && (await this.access.may(descriptor, 'delete', context, row));
    const key = row && descriptor.entity.keyOf(row);
    const buttons: ButtonsView = {
      save: changeable,
      saveAsNew: changeable && !popup && row !== null && add && descriptor.form.saveAsNew,
      saveAndContinue: changeable && !popup && (row !== null || (await this.access.may(descriptor, 'view', context))),
      saveAndAdd: changeable && !popup && add,
      cancelUrl: popup ? null : listUrl(descriptor, address),
      deleteUrl: remove && key !== null ? rowUrl(descriptor, key, 'delete', address) : null,
    };
    return { buttons, tools: row && !popup ? toolsOf(descriptor, row, address, changeable) : [] };
  }
}

function toolsOf(
  descriptor: FormPlan['descriptor'],
  row: object,
  address: FormAddress,
  changeable: boolean,
): readonly FormTool[] {
  const key = descriptor.entity.keyOf(row);
  const history = rowUrl(descriptor, key, 'history', address);
  const password = rowUrl(descriptor, key, 'password', address);
  const site = descriptor.form.viewOnSite?.(row) ?? null;
  return [
    ...(changeable && isAccount(descriptor.entity.target)
      ? [{ label: 'Set password', icon: 'key', url: password, external: false }]
      : []),
    { label: 'History', icon: 'history', url: history, external: false },
    ...(site === null ? [] : [{ label: 'View on site', icon: 'external', url: site, external: true }]),
  ];
}

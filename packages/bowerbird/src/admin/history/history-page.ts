import { Inject, Injectable, Optional } from '@nestjs/common';

import { AuditTrail, type AuditEntry } from '#audit';
import { AuthConfig } from '#auth';
import { Clock, contextValue, LOCALE } from '#core';
import { type HttpRequest, type Reply } from '#http';
import { type EntityKey } from '#orm';

import { RowNotFoundError } from '../admin.errors.js';
import { AdminConfig } from '../admin.options.js';
import { carried, listUrl, readFormAddress, rowUrl } from '../form/form-address.js';
import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { AdminPages } from '../site/admin-pages.js';
import { AdminSite } from '../site/admin-site.js';
import { FormatRegistry } from '../site/format-registry.js';
import { heading, labelFrom, noun } from '../site/labels.js';
import { PageFrame } from '../site/page-frame.js';
import { RowFinder } from '../site/row-finder.js';
import { keySegment, parseKeySegment } from '../site/row-key.js';
import { ChangeViews, shownPaths, type ChangeScope } from './change-view.js';
import { eventsOf, type HistoryEvent } from './history-event.js';
import { KeyNames } from './key-names.js';
import { relativeTime } from './relative-time.js';

/** A row whose history is shown; it may be gone. */
interface Subject {
  readonly key: EntityKey;
  readonly row: object | null;
}

/** Entries per page. */
const PER_PAGE = 30;
const MAX_PAGE = 100_000;

const KINDS: Readonly<Record<string, { readonly kind: string; readonly icon: string; readonly word: string }>> = {
  add: { kind: 'insert', icon: 'plus', word: 'Added' },
  change: { kind: 'update', icon: 'edit', word: 'Changed' },
  delete: { kind: 'delete', icon: 'trash', word: 'Deleted' },
  link: { kind: 'update', icon: 'link', word: 'Changed' },
};

/** Answers the history of a row: who did what to it and when, newest first. */
@Injectable()
export class HistoryPage {
  constructor(
    private readonly site: AdminSite,
    private readonly config: AdminConfig,
    private readonly access: AdminAccess,
    private readonly finder: RowFinder,
    private readonly names: KeyNames,
    private readonly changes: ChangeViews,
    private readonly formats: FormatRegistry,
    private readonly frame: PageFrame,
    private readonly pages: AdminPages,
    private readonly clock: Clock,
    @Optional() @Inject(AuthConfig) private readonly auth: AuthConfig | null,
    @Optional() @Inject(AuditTrail) private readonly trail: AuditTrail | null,
  ) {}

  /** @throws PermissionDeniedError, RowNotFoundError */
  async show(descriptor: AdminDescriptor, segment: string, request: HttpRequest): Promise<Reply> {
    const context = this.access.context(request);
    const subject = await this.find(descriptor, segment, context);
    const number = pageNumber(request.query['p']);
    const page = { offset: (number - 1) * PER_PAGE, limit: PER_PAGE };
    const found = await this.trail?.forObject(descriptor.entity, subject.key, page);
    const entries = found?.entries ?? [];
    if (!subject.row && entries.length === 0) throw missing(descriptor);
    const events = eventsOf(entries);
    const nameOf = await this.names.of(
      descriptor.entity,
      events.map(({ changes }) => changes),
      context,
    );
    const scope = { nameOf, isShown: shownPaths(descriptor, context) };
    const people = await this.peopleUrl(context);
    const text = subject.row ? descriptor.entity.text(subject.row) : entries[0]!.objectText;
    const address = readFormAddress(context);
    const model = {
      frame: await this.frame.build(context, {
        title: `History of “${text}”`,
        descriptor,
        steps: [
          { label: text, url: subject.row ? rowUrl(descriptor, subject.key, 'change', address) : null },
          { label: 'History', url: null },
        ],
      }),
      gone: subject.row ? null : `This ${noun(descriptor.label)} was deleted.`,
      zone: this.config.timeZone,
      events: events.map((event) => this.event(descriptor, event, scope, people)),
      pages: links(number, found?.more ?? false, carried(address)),
      blank: {
        icon: 'history',
        title: 'No history yet',
        text: this.trail ? 'Changes will be listed here as they are made.' : 'This application keeps no history.',
        action: {
          url: subject.row ? rowUrl(descriptor, subject.key, 'change', address) : listUrl(descriptor, address),
          label: 'Back',
          primary: false,
        },
      },
    };
    return this.pages.render('history', model, descriptor);
  }

  /**
   * The row, or what is left of it: the history of a deleted row is for those who could see every row, because nobody
   * can tell any more whether it was one of theirs. @throws PermissionDeniedError, RowNotFoundError
   */
  private async find(descriptor: AdminDescriptor, segment: string, context: AdminContext): Promise<Subject> {
    const key = parseKeySegment(segment, descriptor.entity);
    const row = key === undefined ? null : await this.finder.byKey(descriptor, key, context);
    await this.access.demand(descriptor, 'view', context, row ?? undefined);
    if (key === undefined) throw missing(descriptor);
    if (row) return { key, row };
    const narrowed =
      this.access.isNarrowed(descriptor, context) || this.access.decidesByRow(descriptor, 'view', context);
    if (narrowed || (await this.finder.exists(descriptor, key))) throw missing(descriptor);
    return { key, row };
  }

  private event(
    descriptor: AdminDescriptor,
    { action, entry, messages, changes }: HistoryEvent,
    scope: ChangeScope,
    people: PeopleUrl,
  ) {
    const formats = this.formats.current();
    const { kind, icon, word } = KINDS[action] ?? { kind: 'update', icon: 'bolt', word: heading(labelFrom(action)) };
    const views = Object.entries(changes).map(([path, change]) => this.changes.build(descriptor, path, change, scope));
    const folded = kind !== 'update' && views.length > 0;
    return {
      kind,
      icon,
      word,
      who: whoOf(entry),
      anonymous: entry.actorId === null && entry.actorLabel === '',
      whoUrl: entry.actorId === null ? null : people(entry.actorId),
      when: formats.dateTime(entry.at),
      ago: relativeTime(entry.at, this.clock.now(), contextValue(LOCALE) ?? this.config.locale),
      iso: entry.at.toISOString(),
      messages,
      changes: views,
      fold: folded ? `${views.length} ${views.length === 1 ? 'value' : 'values'}` : null,
    };
  }

  /** Where people are, for those who may see accounts. */
  private async peopleUrl(context: AdminContext): Promise<PeopleUrl> {
    const users = this.auth && this.site.find(this.auth.user);
    if (!users || !(await this.access.may(users, 'view', context))) return () => null;
    return (id) => `${users.path}${keySegment(id)}/change/`;
  }
}

type PeopleUrl = (id: string) => string | null;

function whoOf({ actorId, actorLabel }: AuditEntry): string {
  return actorLabel === '' ? `account ${actorId ?? ''}` : actorLabel;
}

function pageNumber(text: string | readonly string[] | undefined): number {
  const page = typeof text === 'string' && /^\d{1,6}$/.test(text) ? Number(text) : 1;
  return Math.min(Math.max(page, 1), MAX_PAGE);
}

function links(number: number, more: boolean, query: string) {
  if (number === 1 && !more) return null;
  const to = (page: number) => `${query === '' ? '?' : `${query}&`}p=${page}`;
  return {
    text: `Page ${number}`,
    first: number > 2 ? to(1) : null,
    previous: number > 1 ? to(number - 1) : null,
    numbers: [],
    next: more ? to(number + 1) : null,
    last: null,
  };
}

function missing({ label }: AdminDescriptor): RowNotFoundError {
  return new RowNotFoundError(`There is no such ${noun(label)}`);
}

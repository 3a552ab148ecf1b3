import { DiscoveryService } from '@nestjs/core';

import { type SafeHtml } from './safe-html.js';

/**
 * Marks a provider with a `url` as a directory of templates under a first name: with `@TemplateDirectory('admin')`, the
 * file `list.hbs` in it is the template `admin/list`.
 */
export const TemplateDirectory = DiscoveryService.createDecorator<string>();

/** What a {@link TemplateDirectory} provider has: the directory, ending with a slash. */
export interface TemplateDirectoryProvider {
  readonly url: URL;
}

/** What a helper may know beside its arguments. */
export interface HelperOptions {
  /** The named arguments: `{{date at format="short"}}` gives `{ format: 'short' }`. */
  readonly hash: Readonly<Record<string, unknown>>;
  /** The current context, `this` in the template. */
  readonly context: unknown;
  /** The model that was given to `render`. */
  readonly root: object;
  /** The rendered body, when the helper is used as a block; `block(value)` renders it with `value` as its context. */
  readonly block?: (context?: unknown) => SafeHtml;
  /** The rendered `{{else}}` part of a block. */
  readonly inverse?: () => SafeHtml;
}

/** Marks a {@link TemplateHelperProvider} with the name by which templates call it. */
export const TemplateHelper = DiscoveryService.createDecorator<string>();

/** A helper: computes a value from arguments. What it returns is escaped unless it is {@link SafeHtml}. */
export abstract class TemplateHelperProvider {
  /** Must be synchronous: what needs the database belongs into the model. */
  abstract call(args: readonly unknown[], options: HelperOptions): unknown;
}

/** Marks a {@link TemplateContextProvider}. */
export const TemplateContext = DiscoveryService.createDecorator<void>();

/**
 * Gives variables to every render (`csrfToken`, `user`, …). They are found at every depth of a template, after the
 * context and before a variable counts as missing. A property written as a getter runs only when a template uses it,
 * and at most once per render.
 */
export abstract class TemplateContextProvider {
  abstract values(): object | Promise<object>;
}

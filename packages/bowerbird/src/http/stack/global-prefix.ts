import { type ApplicationConfig, type ModuleRef } from '@nestjs/core';
import { mapToExcludeRoute } from '@nestjs/core/middleware/utils.js';

/**
 * Keeps an application's global prefix (`app.setGlobalPrefix('api')`) away from the given path prefixes, so that the
 * framework's pages stay at their own addresses. Nest offers this through the application object alone, which an adopted
 * application does not hand over; it must run before the routes are registered.
 */
export function excludeFromGlobalPrefix(modules: ModuleRef, prefixes: readonly string[]): void {
  const config = configOf(modules);
  if (!config.getGlobalPrefix()) return;
  const options = config.getGlobalPrefixOptions();
  const paths = prefixes.flatMap((prefix) => (prefix === '/' ? ['/'] : [prefix, `${prefix}/*path`]));
  config.setGlobalPrefixOptions({ ...options, exclude: [...(options.exclude ?? []), ...mapToExcludeRoute(paths)] });
}

function configOf(modules: ModuleRef): ApplicationConfig {
  return (modules as unknown as { readonly container: { readonly applicationConfig: ApplicationConfig } }).container
    .applicationConfig;
}

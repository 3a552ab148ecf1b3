import { DiscoveryService } from '@nestjs/core';

/** A directory whose files are served below the static prefix. */
export interface StaticDirectoryProvider {
  /** The directory, ending with a slash; usually `new URL('./assets/', import.meta.url)`. */
  readonly url: URL;
}

/** Marks a {@link StaticDirectoryProvider}; its files are served below `/static/<prefix>/`. */
export const StaticDirectory = DiscoveryService.createDecorator<string>();

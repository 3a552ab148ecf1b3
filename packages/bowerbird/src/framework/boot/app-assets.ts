import { type Type } from '@nestjs/common';

import { StaticDirectory } from '#http';
import { type AppDescription } from '#orm';

/** Providers that serve each app's static files below `/static/<app>/`. */
export function appAssets(apps: readonly AppDescription[]): readonly Type[] {
  return apps.flatMap(({ name, assets }) => (assets ? [assetsOf(name, assets)] : []));
}

function assetsOf(app: string, folder: URL): Type {
  @StaticDirectory(app)
  class AppAssets {
    readonly url = folder;
  }
  return AppAssets;
}

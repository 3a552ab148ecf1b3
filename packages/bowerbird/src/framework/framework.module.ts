import { Module, Optional, type DynamicModule, type OnModuleInit, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';

import { BOOT_PLAN, CheckRunner, contextValue, SettingsError, SettingsProblems, type BootPlan } from '#core';
import { Databases, describeApps } from '#orm';

import { appAssets } from './boot/app-assets.js';
import { allModules } from './boot/area-modules.js';
import { BrokenSettings } from './boot/broken-settings.js';
import { FRAMEWORK_PROVIDERS } from './boot/framework-providers.js';
import { printFindings } from './boot/print-findings.js';
import { resolveSettings } from './boot/resolve-settings.js';
import { ResolvedSettings } from './boot/resolved-settings.js';
import { CheckFailedError } from './framework.errors.js';
import { type FrameworkSettings } from './settings.js';

/** What happens where the project boots by itself. */
const SERVE: BootPlan = { verb: 'serve', checks: true, databaseChecks: true, connect: true };

/**
 * The one module that an application imports. It is not global on purpose: Nest runs the hooks of global modules
 * first, so by the time of its own hook every area is ready to be checked.
 */
@Module({})
export class FrameworkModule implements OnModuleInit {
  constructor(
    private readonly runner: CheckRunner,
    private readonly settings: ResolvedSettings,
    @Optional() private readonly databases?: Databases,
  ) {}

  /**
   * The framework with the application's apps. Wrong settings do not throw here but when the application boots, so
   * that one report names them all and `--help` works regardless.
   */
  static forRoot(settings: FrameworkSettings): DynamicModule {
    const problems = new SettingsProblems();
    const resolved = resolveSettings(settings, problems);
    if (problems.all.length > 0) return brokenModule(problems, resolved.apps);
    const registry = describeApps(resolved.areas.orm.apps, resolved.areas.orm.root);
    return {
      module: FrameworkModule,
      imports: [...allModules(resolved, registry)],
      providers: [
        { provide: ResolvedSettings, useValue: resolved },
        ...FRAMEWORK_PROVIDERS,
        ...appAssets(registry.all()),
      ],
      exports: [ResolvedSettings],
    };
  }

  /** Runs every check; errors stop the boot before a port opens, and no open connection keeps the process alive. */
  async onModuleInit(): Promise<void> {
    const plan = contextValue(BOOT_PLAN) ?? SERVE;
    if (!plan.checks) return;
    const report = await this.runner.run({
      deploy: this.settings.base.production,
      database: plan.databaseChecks,
      silenced: this.settings.silenced,
    });
    if (report.failed) {
      await this.databases?.close();
      throw new CheckFailedError(report);
    }
    printFindings(report);
  }
}

/** Stands in for the framework when the settings cannot be used: making it fails with the whole report. */
function brokenModule(problems: SettingsProblems, apps: readonly Type[]): DynamicModule {
  const fail = (): never => {
    throw new SettingsError(problems);
  };
  return {
    module: FrameworkModule,
    imports: [DiscoveryModule],
    providers: [
      { provide: BrokenSettings, useValue: new BrokenSettings(problems, apps) },
      { provide: ResolvedSettings, useFactory: fail },
      { provide: CheckRunner, useFactory: fail },
    ],
  };
}

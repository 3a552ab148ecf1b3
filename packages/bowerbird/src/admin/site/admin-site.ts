import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';

import { AuditedEntities } from '#audit';
import { error, type AnyClass, type Class, type Finding } from '#core';
import { Descriptions } from '#orm';

import { NotInAdminError } from '../admin.errors.js';
import { AdminConfig } from '../admin.options.js';
import { type AdminDeclaration } from './admin-declaration.js';
import { type AdminDescriptor } from './admin-descriptor.js';
import { checkSearchTargets, describeAdmin } from './describe-admin.js';
import { PlainModelAdmin, type ModelAdmin } from './model-admin.js';

/** The entities of one app, by label. */
export interface AdminApp {
  readonly app: { readonly name: string; readonly label: string };
  readonly descriptors: readonly AdminDescriptor[];
}

/** The declarations of the running application, as a token. */
export class AdminDeclarations {
  constructor(readonly all: readonly AdminDeclaration[]) {}
}

/** All entities of the admin, described once at boot. */
@Injectable()
export class AdminSite implements OnModuleInit {
  private readonly byEntity = new Map<AnyClass, AdminDescriptor>();
  private readonly found: Finding[] = [];
  private byApp: readonly AdminApp[] = [];
  private describing: Promise<void> | undefined;

  constructor(
    private readonly declarations: AdminDeclarations,
    private readonly config: AdminConfig,
    private readonly descriptions: Descriptions,
    private readonly modules: ModuleRef,
    audited: AuditedEntities,
  ) {
    for (const { entity } of declarations.all) audited.add(entity);
  }

  onModuleInit(): Promise<void> {
    return this.ready();
  }

  /** Resolves when all entities are described; whoever needs them while the application boots waits for it. */
  ready(): Promise<void> {
    return (this.describing ??= this.describeAll());
  }

  get descriptors(): readonly AdminDescriptor[] {
    return [...this.byEntity.values()];
  }

  /** Apps and their entities in the order in which people look for them. */
  get apps(): readonly AdminApp[] {
    return this.byApp;
  }

  /** What was wrong with the declarations; reported by the checks. */
  get findings(): readonly Finding[] {
    return this.found;
  }

  /** @throws NotInAdminError */
  of(entity: AnyClass): AdminDescriptor {
    const descriptor = this.byEntity.get(entity);
    if (!descriptor)
      throw new NotInAdminError(`${entity.name} is not in the admin`, { hint: 'Decorate it with @Admin' });
    return descriptor;
  }

  /** The descriptor of an entity, or undefined when it is not in the admin. */
  find(entity: AnyClass): AdminDescriptor | undefined {
    return this.byEntity.get(entity);
  }

  /** The descriptor by the key of its entity (`shop.product`), or undefined. */
  findByKey(key: string): AdminDescriptor | undefined {
    return this.descriptors.find((descriptor) => descriptor.key === key);
  }

  private async describeAll(): Promise<void> {
    for (const declaration of this.declarations.all) await this.describe(declaration);
    checkSearchTargets(this.descriptors, this.found);
    this.byApp = groupByApp(this.descriptors);
  }

  private async describe(declaration: AdminDeclaration): Promise<void> {
    const { descriptions, config } = this;
    if (!descriptions.has(declaration.entity)) {
      const hint = 'Add the class to the entities of an @App, or of the DataSource that the project brings';
      this.found.push(
        error('admin.E004', `${declaration.entity.name} is no entity of this application`, {
          at: declaration.entity.name,
          hint,
        }),
      );
      return;
    }
    const entity = descriptions.of(declaration.entity);
    const admin = declaration.admin ? await this.instance(declaration.admin) : new PlainModelAdmin();
    const describe = (target: AnyClass) => (descriptions.has(target) ? descriptions.of(target) : undefined);
    this.byEntity.set(declaration.entity, describeAdmin({ declaration, entity, admin, describe, config }, this.found));
  }

  /** The provider of the application, or an instance made here. */
  private async instance(admin: Class<ModelAdmin<never>>): Promise<ModelAdmin> {
    try {
      return this.modules.get<ModelAdmin>(admin, { strict: false });
    } catch {
      return (await this.modules.create(admin)) as unknown as ModelAdmin;
    }
  }
}

function groupByApp(descriptors: readonly AdminDescriptor[]): readonly AdminApp[] {
  const names = [...new Set(descriptors.map(({ app }) => app.name))];
  const compare = new Intl.Collator('en').compare;
  return names.map((name) => {
    const own = descriptors.filter(({ app }) => app.name === name);
    return {
      app: own[0]!.app,
      descriptors: own.toSorted((left, right) => compare(left.labelPlural, right.labelPlural)),
    };
  });
}

import { Module, type DynamicModule } from '@nestjs/common';

import { type AppRegistry } from '#orm';

import { PermissionGrid } from './accounts/permission-grid.js';
import { AdminAssets, AdminTemplates, IconHelper, Icons } from './admin-files.js';
import { AdminChecks } from './admin.checks.js';
import { AdminConfig } from './admin.options.js';
import { IndexPage } from './dashboard/index-page.js';
import { createIndexController } from './dashboard/index.controller.js';
import { RecentActions } from './dashboard/recent-actions.js';
import { AccountPages } from './form/account-pages.js';
import { ConflictViews } from './form/conflict-view.js';
import { FormAnswers } from './form/form-answers.js';
import { FormBuilder } from './form/form-builder.js';
import { FormButtons } from './form/form-buttons.js';
import { FormPage } from './form/form-page.js';
import { FormPlans } from './form/form-plan.js';
import { FormRows } from './form/form-rows.js';
import { FormSave } from './form/form-save.js';
import { FormSearch } from './form/form-search.js';
import { FieldsetViews } from './form/form-view.js';
import { FormWriter } from './form/form-writer.js';
import { RowVersions } from './form/row-version.js';
import { ShownValues } from './form/shown-values.js';
import { HISTORY } from './history/history.providers.js';
import { ActionConfirmation } from './list/action-confirmation.js';
import { FilterChoices } from './list/filter-choices.js';
import { FilterCounts } from './list/filter-counts.js';
import { FilterViews } from './list/filter-view.js';
import { ListActions } from './list/list-actions.js';
import { ListPage } from './list/list-page.js';
import { ListQuery } from './list/list-query.js';
import { ListReader } from './list/list-rows.js';
import { LongLists } from './list/long-lists.js';
import { RowWriters } from './list/row-writers.js';
import { SelectedRows } from './list/selected-rows.js';
import { createAutocompleteController } from './related/autocomplete.controller.js';
import { Autocomplete } from './related/autocomplete.js';
import { LinkedRows } from './related/linked-rows.js';
import { RelatedLinks } from './related/related-links.js';
import { RelationScopes } from './related/relation-scope.js';
import { RowSearch } from './related/row-search.js';
import { REMOVE } from './remove/remove.providers.js';
import { RowRemoval } from './remove/row-removal.js';
import { AdminAccess } from './site/admin-access.js';
import { readDeclarations } from './site/admin-declaration.js';
import { AdminLinks } from './site/admin-links.js';
import { AdminPages } from './site/admin-pages.js';
import { AdminDeclarations, AdminSite } from './site/admin-site.js';
import { createEntityControllers } from './site/entity-controllers.js';
import { FormatRegistry } from './site/format-registry.js';
import { PageFrame } from './site/page-frame.js';
import { RowFinder } from './site/row-finder.js';

const SITE = [
  AdminSite,
  AdminAccess,
  AdminLinks,
  AdminPages,
  PageFrame,
  FormatRegistry,
  RowFinder,
  Icons,
  IconHelper,
  AdminAssets,
  AdminTemplates,
];
const LIST = [
  ListPage,
  ListQuery,
  ListReader,
  LongLists,
  ListActions,
  SelectedRows,
  ActionConfirmation,
  RowWriters,
  FilterViews,
  FilterChoices,
  FilterCounts,
];
const FORM = [
  PermissionGrid,
  AccountPages,
  FormPage,
  FormSave,
  FormPlans,
  FormBuilder,
  FormRows,
  FormWriter,
  FormSearch,
  FormAnswers,
  FormButtons,
  FieldsetViews,
  ShownValues,
  RowVersions,
  ConflictViews,
];
const RELATED = [RelationScopes, RelatedLinks, LinkedRows, RowSearch, Autocomplete];
const DASHBOARD = [IndexPage, RecentActions];

/** The admin: small controllers per entity, made from the declarations of the installed apps. */
@Module({})
export class AdminModule {
  static forRoot(config: AdminConfig, apps: Pick<AppRegistry, 'all' | 'appOf'>): DynamicModule {
    const declarations = readDeclarations(apps, config);
    const prefix = config.path.replaceAll(/^\/|\/$/g, '');
    return {
      module: AdminModule,
      controllers: [
        ...createEntityControllers(declarations, config.path),
        createAutocompleteController(prefix),
        createIndexController(prefix),
      ],
      providers: [
        { provide: AdminConfig, useValue: config },
        { provide: AdminDeclarations, useValue: new AdminDeclarations(declarations) },
        ...SITE,
        ...LIST,
        ...FORM,
        ...RELATED,
        ...REMOVE,
        ...HISTORY,
        ...DASHBOARD,
        AdminChecks,
      ],
      exports: [AdminConfig, AdminSite, AdminAccess, AdminLinks, FormPlans, RowRemoval],
    };
  }
}

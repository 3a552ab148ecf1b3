// Apps, descriptions, connections, transactions and writes.
export { App, type AppOptions, type BundledMigrations, isApp, type NamedMigration } from './apps/app.decorator.js';
export { type AppDescription, AppRegistry, type MigrationLocation } from './apps/app-registry.js';
export { describeApps } from './apps/describe-apps.js';
export { Database, type SaveOptions } from './connection/database.js';
export { Databases } from './connection/databases.js';
export { type DatabaseFeature, type DatabaseNeed } from './describe/database-needs.js';
export { Descriptions } from './describe/descriptions.js';
export {
  type CheckDescription,
  type Choice,
  type Deferral,
  type Dialect,
  type EntityDescription,
  type EntityKey,
  type ExclusionDescription,
  type FieldDescription,
  type FieldFormat,
  type FieldKind,
  type GeneratedValue,
  type IndexDescription,
  type InheritanceDescription,
  type JunctionDescription,
  type OnDelete,
  type PositionDescription,
  type RelationColumn,
  type RelationDescription,
  type RelationKind,
  type ScopeDescription,
  type SqlDefault,
  type TreeDescription,
  type UniqueDescription,
  type ValidatorDescription,
} from './describe/entity-description.js';
export { type ChoiceOption, Field, type FieldOptions } from './describe/field.decorator.js';
export { CheckConstraint, TableIndex, type TableIndexOptions } from './describe/constraints/constraint.decorators.js';
export { ExclusionConstraint, UniqueConstraint } from './describe/constraints/constraint.decorators.js';
export { type RangeBounds, RangeOf } from './describe/constraints/range-of.js';
export { type Describe, isUnknown, knownNames, type ResolvedPath, type UnknownStep } from './describe/entity-path.js';
export { plainTextField, plainTextPaths, resolvePath, textJoins, textPath } from './describe/entity-path.js';
export { DefaultScope } from './describe/default-scope.decorator.js';
export { Meta, type MetaOptions } from './describe/meta.decorator.js';
export { ProxyEntity } from './model/proxy-entity.decorator.js';
export { OnDeleteSet, type ReplacementContext } from './describe/on-delete-set.decorator.js';
export { PoolWaitError } from './drivers/pool-wait.js';
export { redactStatement } from './connection/redact-statement.js';
export {
  CheckError,
  ConnectionError,
  DoesNotExistError,
  DecryptionError,
  EncryptedFieldError,
  EncryptionKeyError,
  EntityMetadataError,
  ExclusionError,
  FieldError,
  ForeignKeyError,
  type ForeignKeyReason,
  IntegrityError,
  MultipleRowsError,
  NotNullError,
  DecimalPrecisionError,
  DeferredFieldError,
  OnCommitError,
  RelatedSetError,
  ReplacementError,
  RowOrderError,
  UnfitThroughError,
  SerializationError,
  ServerTimeZoneError,
  StaleRowError,
  StatementTimeoutError,
  UnknownFunctionError,
  TransactionClosedError,
  TransactionWaitError,
  UniqueError,
  UnknownAppError,
  UnknownDatabaseError,
  UnknownEntityError,
  UnknownLookupError,
  UnknownPathError,
  UnloadedRelationError,
} from './orm.errors.js';
export { OrmModule } from './orm.module.js';
export { PositionColumn, type PositionOptions } from './model/positions/position.decorator.js';
export { type OrderedRow, type RowOrder } from './model/positions/row-order.js';
export {
  type AdoptedDatabase,
  type DatabaseConfig,
  type DatabaseOptions,
  type DatabaseSetting,
  type LazyLoading,
  type LoadingConfig,
  OrmConfig,
  type OrmOptions,
  type PoolOptions,
  type QueryDefaults,
  resolveOrm,
  type TlsOptions,
} from './orm.options.js';
export {
  type DatabaseRouter,
  type PlacedRow,
  type Placing,
  type RoutedEntity,
  type RouteHints,
} from './routing/database-router.js';
export { CrossDatabaseError, WrongDatabaseError } from './routing/routing.errors.js';
export { currentDatabases } from './model/database-of.js';
export {
  atomic,
  currentDatabase,
  describe,
  load,
  loadRelated,
  onCommit,
  order,
  querySet,
  related,
  tree,
} from './transactions/ambient.js';
export { TransactionBrokenError, TransactionDurableError } from './transactions/transactions.errors.js';
export { Atomic, type AtomicHandlerOptions } from './transactions/atomic.decorator.js';
export { type OnCommitOptions } from './transactions/commit-callbacks.js';
export { type AtomicOptions, type Isolation } from './transactions/transactions.js';
export { type LinkOptions, type RelatedRow, RelatedSet } from './writes/related-set.js';
export {
  OnWrite,
  type RelationChange,
  type WriteEvent,
  WriteListener,
  type WrittenValues,
} from './writes/write-listener.js';
export { WriteNotifier } from './writes/write-notifier.js';

// Models: model/.
export { type ConstraintQuestion } from './model/constraints/broken-constraints.js';
export { type BrokenConstraint } from './model/constraints/constraint-rules.js';
export { type ValidateOptions } from './model/constraints/require-kept.js';
export { type ColumnCast, StoredAs } from './model/casts/stored-as.decorator.js';
export { Encrypted, type EncryptedOptions } from './model/casts/encrypted.decorator.js';
export { ReencryptCommand } from './model/casts/reencrypt.command.js';
export { type ManagedEntity } from './model/managed.types.js';
export { manager } from './model/manager.js';
export { Model } from './model/model.js';
export { Objects } from './model/objects.decorator.js';
export { PrimaryUuidColumn } from './model/primary-uuid.decorator.js';
export { Uuid7Source } from './model/uuid7.js';

// Signals: signals/.
export {
  type BulkDeleteEvent,
  type BulkUpdateEvent,
  type DeleteEvent,
  type RelatedEvent,
  type SaveEvent,
  type BulkCreateEvent,
} from './signals/entity-events.js';
export { EntitySignals } from './signals/entity-signals.js';
export { type Observer, Observes } from './signals/observes.decorator.js';
export { rawWrites } from './signals/raw-writes.js';
export {
  type ConnectionEvent,
  connectionCreated,
  type MigrateEvent,
  postBulkDelete,
  postBulkUpdate,
  postDelete,
  postMigrate,
  postSave,
  postBulkCreate,
  preBulkDelete,
  preBulkUpdate,
  preDelete,
  preMigrate,
  preSave,
  preBulkCreate,
  relatedChanged,
} from './signals/signals.js';

// Query sets: query/, hydrate/ and cascade/.
export { type DeletionEffect, type DeletionEffectKind } from './cascade/deletion-effect.js';
export {
  type CheckedLookups,
  type CustomLookups,
  type LookupInput,
  type LookupValue,
  type UpdateInput,
} from './query/lookup.types.js';
export {
  type HasPath,
  type KeyOf,
  type Path,
  type PathValue,
  type RelationPath,
  type ValuesRow,
} from './query/path.types.js';
export { FilteredPath, FilteredRelation } from './query/filtered-relation.js';
export { type Pair } from './query/joined.types.js';
export { type JoinOptions } from './query/query-joins.js';
export { type JoinKind } from './query/query-state.js';
export { ManyToManyThrough, type ManyToManyThroughOptions } from './relations/many-to-many-through.decorator.js';
export { type Json } from './query/json-document.types.js';
export { type RangeText } from './query/range-text.types.js';
export { type LinkedRows } from './relations/linked-rows.types.js';
export { loadedRelation } from './relations/loaded-relation.js';
export { RelatedRows } from './relations/related-rows.js';
export { TreeRows } from './relations/trees/tree-rows.js';
export { GenericPrefetch, Prefetch, Prefetched, type PrefetchOptions } from './query/prefetch.js';
export { Condition, type Lookups, Q, type Where } from './query/q.js';
export { BadCursorError, BadLookupValueError, MisplacedExpressionError } from './query/query.errors.js';
export {
  QueryUsageError,
  RefusedValueError,
  UnfitPathError,
  UnknownTimeZoneError,
  UnknownTransformError,
} from './query/query.errors.js';
export { type RawRow } from './query/query-engine.js';
export { type CountOptions, type IterateOptions } from './query/query-reads.js';
export { type ExplainOptions } from './query/run/explain.js';
export { type LockOptions, QuerySet, type QuerySetClass } from './query/query-set.js';
export {
  type BulkCreateOptions,
  type BulkUpdateOptions,
  type ConflictRule,
  type NewValues,
} from './query/query-writes.js';
export { type Deletion } from './query/run/delete.js';
export { type GotOrCreated } from './query/run/get-or-create.js';
export { type DateListOptions, type DateUnit, type Direction, type TimeUnit } from './query/run/dates.js';
export { type Page, type PageRequest } from './query/run/page.js';
export { type CountedSlice } from './query/run/slice-with-count.js';
export { readReference, type UnreadReference } from './query/run/unread-reference.js';

// Databases that were there before, and fixtures: inspect/, fixtures/.
export { InspectDbCommand } from './inspect/inspectdb.command.js';
export { DumpDataCommand } from './fixtures/commands/dumpdata.command.js';
export { LoadDataCommand } from './fixtures/commands/loaddata.command.js';
export { type DumpOptions } from './fixtures/dump/dump-options.js';
export { type DumpReport } from './fixtures/dump/dumper.js';
export { FixtureError, FixtureFileError, FixtureSelectionError } from './fixtures/fixture.errors.js';
export { type FixtureRecord, type FixtureValue } from './fixtures/fixture-record.js';
export { Fixtures } from './fixtures/fixtures.service.js';
export { type LoadOptions, type LoadReport } from './fixtures/load/loader.js';
export { FlushCommand } from './flush/flush.command.js';
export { Flusher } from './flush/flusher.js';
export { Prunable, type PrunableRows } from './prune/prunable.decorator.js';
export { PruneCommand } from './prune/prune.command.js';
export { Pruner } from './prune/pruner.js';
export { DbShellCommand } from './shell/dbshell.command.js';
export { ShellCommand } from './shell/shell.command.js';

// Lookups of an application's own: query/lookups/ and query/sql/.
export { coerce as fittingValue } from './query/lookups/coerce.js';
export { type Operand as LookupOperand } from './query/lookups/lookup.js';
export {
  CustomLookup,
  type LookupDefinition,
  LookupSource,
  type TransformDefinition,
} from './query/lookups/lookup-source.js';
export { bind, join as joinSql, raw as rawSql, Sql, sql, type Statement } from './query/sql/sql.js';
export { type SqlDialect } from './query/sql/sql-dialect.js';

// Expressions: query/expressions/.
export { hiddenAnnotations } from './hydrate/computed-values.js';
export { Avg, Count, Max, Min, StdDev, Sum, Variance } from './query/expressions/aggregates.js';
export { type Branch, Case, Coalesce, When } from './query/expressions/conditional.js';
export {
  Expression,
  F,
  type Literal,
  type NullsPlace,
  type Operand,
  OrderBy,
  type OrderOptions,
  OuterRef,
  Value,
} from './query/expressions/expression.js';
export { type Annotation } from './query/expressions/expression.types.js';
export { Cast, Greatest, Least, NullIf } from './query/expressions/functions/comparison.js';
export { type ZoneOptions } from './query/expressions/functions/moment-function.js';
export { Extract, ExtractDay, ExtractHour, ExtractMinute, ExtractMonth } from './query/expressions/functions/dates.js';
export { ExtractQuarter, ExtractSecond, ExtractWeek, ExtractWeekDay } from './query/expressions/functions/dates.js';
export { ExtractYear } from './query/expressions/functions/dates.js';
export { Now, Trunc, TruncDate, TruncDay, TruncHour, TruncMinute } from './query/expressions/functions/dates.js';
export { TruncMonth, TruncQuarter, TruncSecond, TruncWeek, TruncYear } from './query/expressions/functions/dates.js';
export { JsonLength } from './query/expressions/functions/json.js';
export { Abs, ACos, ASin, ATan, ATan2, Ceil, Cos, Cot, Degrees, Exp, Tan } from './query/expressions/functions/math.js';
export { Floor, Ln, Log, Mod, Pi, Power, Radians, Round, Sign, Sin, Sqrt } from './query/expressions/functions/math.js';
export { Chr, Concat, Left, Length, Lower, LPad, LTrim, Md5, Ord } from './query/expressions/functions/text.js';
export { Repeat, Replace, Reverse, Right, RPad, RTrim, Sha1, Sha224 } from './query/expressions/functions/text.js';
export { Sha256, Sha384, Sha512, StrIndex, Substr, Trim, Upper } from './query/expressions/functions/text.js';
export { AnyValue, StringAgg, type StringAggSettings } from './query/expressions/joined-texts.js';
export { Random } from './query/expressions/order-by.js';
export { SearchHeadline, type SearchHeadlineOptions } from './query/expressions/search/search-headline.js';
export { SearchRank } from './query/expressions/search/search-rank.js';
export { SearchVector, type SearchVectorOptions } from './query/expressions/search/search-vector.js';
export { TrigramDistance, TrigramSimilarity, Unaccent } from './query/expressions/search/trigrams.js';
export { TrigramStrictWordDistance, TrigramStrictWordSimilarity } from './query/expressions/search/trigrams.js';
export { TrigramWordDistance, TrigramWordSimilarity } from './query/expressions/search/trigrams.js';
export { type RankOptions, type SearchWeight } from './query/search/search-document.js';
export { SearchQuery, type SearchQueryOptions, type SearchType } from './query/search/search-query.js';
export { readSearchField, type SearchField } from './query/search/search-field.js';
export { applySearch, searchTerms } from './query/search/search-terms.js';
export { BadSearchQueryError } from './query/search/search.errors.js';
export { Exists, Subquery } from './query/expressions/subquery.js';
export {
  CumeDist,
  DenseRank,
  FirstValue,
  type Frame,
  type FrameBound,
  Lag,
  LastValue,
  Lead,
  NthValue,
  Ntile,
  PercentRank,
  Rank,
  RowNumber,
  Window,
  type WindowOptions,
} from './query/expressions/window.js';

// Migrations: migrations/.
export { type NewMigration } from './migrations/autodetector/assemble.js';
export { Decisions } from './migrations/autodetector/decisions.js';
export { ForgetPendingCommand } from './migrations/commands/forgetpending.command.js';
export { MakeMigrationsCommand } from './migrations/commands/makemigrations.command.js';
export { MigrateCommand } from './migrations/commands/migrate.command.js';
export { OptimizeMigrationCommand } from './migrations/commands/optimizemigration.command.js';
export { RebaseMigrationsCommand } from './migrations/commands/rebasemigrations.command.js';
export { ShowMigrationsCommand } from './migrations/commands/showmigrations.command.js';
export { SqlMigrateCommand } from './migrations/commands/sqlmigrate.command.js';
export { SquashMigrationsCommand } from './migrations/commands/squashmigrations.command.js';
export { CheckDriftCommand } from './migrations/drift/checkdrift.command.js';
export { type Difference, type DifferenceSubject } from './migrations/drift/difference.js';
export { DriftFinder, type DriftReport } from './migrations/drift/drift-finder.js';
export { type MigrationFile } from './migrations/files/migration-file.js';
export { HistoricalEntities } from './migrations/history/historical-entities.js';
export {
  HistoricalEntity,
  type HistoricalRow,
  type HistoricalWhere,
  type RowsOptions,
} from './migrations/history/historical-entity.js';
export { type LintFinding, type LintRule } from './migrations/lint/lint-finding.js';
export { BIG_TABLE, type MigrationLint, MigrationLinter } from './migrations/lint/migration-linter.js';
export { Migration, type MigrationOptions, type MigrationReference } from './migrations/migration.js';
export {
  IrreversibleError,
  MigrationConflictError,
  MigrationDependencyError,
  MigrationFailedError,
  MigrationFileError,
  MigrationHistoryError,
  MigrationLockedError,
  MigrationLossError,
  MigrationMergeError,
  MigrationQuestionError,
  MigrationStateError,
  OnlineRefusedError,
  UnknownMigrationError,
  UnsupportedSchemaError,
} from './migrations/migrations.errors.js';
export { type BatchWork, type DataWork } from './migrations/operations/data.operations.js';
export { type MigrationContext, type RawOptions } from './migrations/operations/raw.operations.js';
export { Operation } from './migrations/operations/operation.js';
export { ops } from './migrations/operations/ops.js';
export { MigrationRehearsal, type RehearsedApp } from './migrations/rehearse/migration-rehearsal.js';
export { AfterMigrate, MigrateHook } from './migrations/run/migrate-hook.js';
export { type LedgerStatus } from './migrations/run/ledger.js';
export { type AgreeToMerge } from './migrations/run/merge-of.js';
export { type MakeOptions, MigrationMaker } from './migrations/run/migration-maker.js';
export { type MigrateTarget, type PlannedMigration } from './migrations/run/migration-plan.js';
export { type MigrateOptions, type MigrateProgress } from './migrations/run/migrate-run.js';
export { type MigrationStatus } from './migrations/run/migration-status.js';
export { Migrator, type PlannedSteps } from './migrations/run/migrator.js';
export { syncSchema } from './migrations/run/sync-schema.js';
export { type StepConnection } from './migrations/schema/step.js';
export { type EntityState } from './migrations/state/entity-state.js';
export { type FieldState, type SqlExpression, type SqlText } from './migrations/state/field-state.js';
export { ProjectState } from './migrations/state/project-state.js';

// References to rows of any entity: content-types/.
export { ContentType } from './content-types/content-type.entity.js';
export { ContentTypesModule } from './content-types/content-types.module.js';
export { ContentTypes } from './content-types/content-types.service.js';
export { ContentTypesMissingError } from './content-types/content-types.errors.js';
export {
  GenericForeignKey,
  type GenericForeignKeyOptions,
  GenericRelation,
} from './content-types/generic.decorators.js';
export { RemoveStaleContentTypesCommand } from './content-types/remove-stale.command.js';
export { StaleContentTypes, type StaleContentType, type StaleReference } from './content-types/stale-content-types.js';
export { GenericRelations } from './content-types/generic-relations.service.js';

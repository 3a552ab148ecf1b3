import { ContextKey } from '../context/context-key.js';

/** Why the application boots, known to the modules through the ambient context of the boot. */
export interface BootPlan {
  /** The verb: `serve`, or the name of a command. */
  readonly verb: string;
  /** Whether check errors stop the boot. */
  readonly checks: boolean;
  /** Whether check rules that ask the database run. */
  readonly databaseChecks: boolean;
  /** Whether the databases are connected to. */
  readonly connect: boolean;
}

/** Not set where the application boots in another way, by the project's own `NestFactory.create`. */
export const BOOT_PLAN = new ContextKey<BootPlan>('boot plan');

import { type CommandIo } from './command-io.js';

/** One positional argument of a command. */
export interface ArgumentSpec {
  readonly name: string;
  readonly description: string;
  readonly optional?: boolean;
  /** Takes all that follow; only the last argument may. */
  readonly variadic?: boolean;
}

/** One option of a command; `flags` as commander writes them: `-n, --dry-run`, `--email <address>`. */
export interface OptionSpec {
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly default?: string | boolean;
}

/** What a command says of itself; enough for `--help` without running it. */
export interface CommandSpec {
  /** The verb. */
  readonly name: string;
  readonly description: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  /** Whether the boot checks run first and stop the command on errors; true unless said otherwise. */
  readonly checks?: boolean;
  /** Whether the command needs its databases; true unless said otherwise. */
  readonly database?: boolean;
  /** Whether it runs until it is stopped, and so logs what a server logs. */
  readonly service?: boolean;
}

/** What the user typed, parsed. Options are keyed in camel case (`--dry-run` is `dryRun`). */
export interface CommandInput {
  readonly args: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A management command; a provider marked with {@link Command}. */
export abstract class ManagementCommand {
  /** Does the work inside an ambient context. Returns the exit code; nothing means 0. */
  abstract run(input: CommandInput, io: CommandIo): Promise<number | void>;
}

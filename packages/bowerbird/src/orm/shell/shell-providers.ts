import { type Provider } from '@nestjs/common';

import { DbShellCommand } from './dbshell.command.js';
import { ShellCommand } from './shell.command.js';

/** What the orm's module provides for people at a terminal. */
export const SHELL_PROVIDERS: readonly Provider[] = [DbShellCommand, ShellCommand];

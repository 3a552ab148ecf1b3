import { DiscoveryService } from '@nestjs/core';

import { type CommandSpec } from './command.js';

/** Registers a {@link ManagementCommand} provider under its verb. */
export const Command = DiscoveryService.createDecorator<CommandSpec>();

import { Logger } from '@nestjs/common';

import { type CheckReport } from '#core';

/** Logs the warnings of a boot, one entry each. */
export function printFindings(report: CheckReport): void {
  const logger = new Logger('Checks');
  for (const { id, message, hint, at } of report.warnings)
    logger.warn(`${id}${at ? ` ${at}` : ''}: ${message}${hint ? ` → ${hint}` : ''}`);
}

import { Command, ManagementCommand, type CommandInput, type CommandIo } from '#core';
import { MiddlewareStack } from '#http';

import { RouteTable, type RouteEntry } from '../routes/route-table.js';

/** Lists the routes, or the middleware that each request passes. */
@Command({
  name: 'routes',
  description: 'List the routes of the application',
  arguments: [{ name: 'prefix', description: 'Only paths that start with this', optional: true }],
  options: [
    { flags: '--middleware', description: 'List the middleware stack instead' },
    { flags: '--json', description: 'Print as JSON' },
  ],
})
export class RoutesCommand extends ManagementCommand {
  constructor(
    private readonly table: RouteTable,
    private readonly stack: MiddlewareStack,
  ) {
    super();
  }

  async run({ args, options }: CommandInput, io: CommandIo): Promise<void> {
    const rows = options.middleware ? this.middleware() : this.routes((args.prefix as string | undefined) ?? '/');
    if (options.json) return io.out(JSON.stringify(rows, null, 2));
    for (const line of columns(rows.map((row) => Object.values(row).map(String)))) io.out(line);
  }

  private routes(prefix: string): readonly Record<string, unknown>[] {
    return this.table
      .all()
      .filter(({ path }) => path.startsWith(prefix))
      .map((route: RouteEntry) => ({
        method: route.method,
        path: route.path,
        handler: route.handler,
        access: route.isPublic ? 'public' : 'private',
      }));
  }

  private middleware(): readonly Record<string, unknown>[] {
    return this.stack.entries().map(({ slot, name, active }) => ({ slot, name, state: active ? 'on' : 'off' }));
  }
}

/** Rows as lines whose cells stand below each other. */
function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => row[index]!.length)));
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index]!))
      .join('  ')
      .trimEnd(),
  );
}

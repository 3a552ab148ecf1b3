import { Command, ManagementCommand, type CommandInput, type CommandIo } from '#core';
import { AppRegistry, Databases } from '#orm';

import { ResolvedSettings } from '../boot/resolved-settings.js';

/** Tells what the application consists of. Secrets are never part of it. */
@Command({
  name: 'about',
  description: 'Show versions, apps, databases and areas',
  options: [{ flags: '--json', description: 'Print as JSON' }],
})
export class AboutCommand extends ManagementCommand {
  constructor(
    private readonly settings: ResolvedSettings,
    private readonly apps: AppRegistry,
    private readonly databases: Databases,
  ) {
    super();
  }

  async run({ options }: CommandInput, io: CommandIo): Promise<void> {
    const facts = this.facts();
    if (options.json) return io.out(JSON.stringify(facts, null, 2));
    const width = Math.max(...Object.keys(facts).map(({ length }) => length));
    for (const [name, value] of Object.entries(facts))
      io.out(`${name.padEnd(width)}  ${Array.isArray(value) ? value.join(', ') : String(value)}`);
  }

  private facts(): Readonly<Record<string, string | boolean | readonly string[]>> {
    const { base, areas } = this.settings;
    const optional = Object.entries(areas).filter(([, config]) => config !== null);
    return {
      node: process.version,
      production: base.production,
      root: base.root.pathname,
      areas: optional.map(([name]) => name).sort(),
      apps: this.apps.all().map(({ name, entities }) => `${name} (${entities.length})`),
      databases: this.databases.all().map(({ alias, dialect }) => `${alias}: ${dialect}`),
      address: `http://${areas.http.host}:${areas.http.port}`,
    };
  }
}

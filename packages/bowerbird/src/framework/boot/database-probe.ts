import { Readiness, ReadinessProbe } from '#http';
import { Databases } from '#orm';

/** The application is ready while each of its databases answers. */
@Readiness('database')
export class DatabaseProbe extends ReadinessProbe {
  constructor(private readonly databases: Databases) {
    super();
  }

  async probe(): Promise<void> {
    await Promise.all(this.databases.all().map((database) => database.query('select 1')));
  }
}

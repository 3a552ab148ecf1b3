import { AtlasModule } from '@bowerbird/atlas';
import { BlogModule } from '@bowerbird/blog';
import { environment, type FrameworkSettings } from 'bowerbird';

const env = environment(process.env);

/** What the demo says about itself. The only file that reads the environment. */
export const settings: FrameworkSettings = {
  secretKey: env.secret('SECRET_KEY'),
  production: env.production,
  database: env.string('DATABASE_URL', 'sqlite:var/demo.sqlite3'),
  http: {
    host: env.string('HOST', '127.0.0.1'),
    port: env.port('PORT', 8000),
    allowedHosts: env.list('ALLOWED_HOSTS', []),
    static: { directories: ['./static/'] },
  },
  auth: { siteName: 'Bowerbird demo' },
  admin: { title: 'Bowerbird demo', siteUrl: false },
  apps: [AtlasModule, BlogModule],
};

import { type Project } from '../project/project.js';
import { NODE_MAJOR } from '../versions.js';
import { managerSettings } from './manifest.js';

const HEALTH = `fetch('http://127.0.0.1:' + (process.env.PORT || 8000) + '/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`;

/** `Dockerfile`: built with everything, run with as little as possible, by a user who owns nothing but `var`. */
export function dockerfile(project: Project): string {
  const { manager, template } = project;
  const manifests = ['package.json', manager.lockFile, ...Object.keys(managerSettings(project)), 'tsconfig.json'];
  const read = template === 'api' ? [] : ['COPY templates templates', 'COPY static static'];
  return [
    `FROM node:${NODE_MAJOR}-slim AS build`,
    'WORKDIR /app',
    // Without CI, pnpm would ask before it removes packages.
    ...(manager.name === 'npm' ? [] : ['ENV CI=true', 'RUN npm install --global corepack && corepack enable']),
    `COPY ${manifests.join(' ')} ./`,
    `RUN ${manager.cleanInstall}`,
    'COPY src src',
    `RUN ${manager.run} build && ${manager.prune}`,
    '',
    `FROM node:${NODE_MAJOR}-slim`,
    'WORKDIR /app',
    `ENV ${environment(project)}`,
    'COPY --from=build /app/package.json ./',
    'COPY --from=build /app/node_modules node_modules',
    'COPY --from=build /app/dist dist',
    ...read,
    'RUN mkdir var && chown node var',
    'USER node',
    'VOLUME /app/var',
    'EXPOSE 8000',
    'HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \\',
    `  CMD ["node", "-e", "${HEALTH}"]`,
    'CMD ["node", "--enable-source-maps", "dist/main.js"]',
    '',
  ].join('\n');
}

function environment({ database }: Project): string {
  const always = 'NODE_ENV=production HOST=0.0.0.0 PORT=8000';
  return database === 'sqlite' ? `${always} DATABASE_URL=sqlite:var/db.sqlite3` : always;
}

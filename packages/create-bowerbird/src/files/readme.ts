import { type Template } from '../answers/choices.js';
import { nextSteps } from '../project/next-steps.js';
import { type Project } from '../project/project.js';

const SQLITE_NOTE = 'The database is the file `var/db.sqlite3`.';
const SERVER_NOTE =
  'The database comes from `compose.yaml`, with the password in `.env`. To use a server of your own, change `DATABASE_URL` there.';

/** What is in a project of each template, beside what all have. */
const PLACES: Readonly<Record<Template, readonly (readonly [place: string, meaning: string])[]>> = {
  default: [
    ['`src/guestbook/`', 'The example app: an entity with its admin, a form, a page'],
    ['`templates/`, `static/`', 'What pages are made of'],
  ],
  api: [['`src/tasks/`', 'The example app: an entity, its admin, a serializer and a viewset']],
  full: [
    [
      '`src/guestbook/`',
      'The example app: an entity, its admin with actions, a form with uploads, a page, a viewset, a command, a job',
    ],
    ['`templates/`, `static/`', 'What pages are made of'],
  ],
};

/** `README.md`. */
export function readme(project: Project): string {
  const { title, database, template } = project;
  return `# ${title}

Made with [Bowerbird](https://www.npmjs.com/package/bowerbird): NestJS and TypeORM, with an admin.

## Start

A fresh clone needs its packages and its secrets: \`${project.manager.name} install\`, and a copy of \`.env.example\` named \`.env\`, filled in.
${database === 'sqlite' ? SQLITE_NOTE : SERVER_NOTE}

\`\`\`sh
${nextSteps(project, true).join('\n')}
\`\`\`

Then open <http://127.0.0.1:8000/>${template === 'api' ? ', which lists the addresses of the API,' : ''} and <http://127.0.0.1:8000/admin/>.${template === 'default' ? '' : '\nThe API is described, and tried out, at <http://127.0.0.1:8000/api/docs>.'}

## Commands

${table(commands(project))}

## Files

${table([...PLACES[template], ...FILES])}

## Production

\`\`\`sh
docker build --tag ${project.databaseName} .
\`\`\`

The image runs as a user without rights and says whether it is healthy. It wants ${wanted(template)} in its
environment, \`TRUSTED_PROXIES\` behind a proxy, and a volume at \`/app/var\` for ${database === 'sqlite' ? 'the database and uploads' : 'uploads'}. Run \`node dist/main.js check --deploy\` in
it to hear what is left to decide, and \`node dist/main.js migrate\` once for each release.${template === 'full' ? '\nA second container of the image runs jobs: `node dist/main.js work`.' : ''}
`;
}

/** Variables that production cannot do without. */
function wanted(template: Template): string {
  const mail = template === 'full' ? ['SMTP_URL', 'MAIL_FROM'] : [];
  const names = ['SECRET_KEY', 'DATABASE_URL', ...mail].map((name) => `\`${name}\``);
  return `${names.join(', ')} and \`ALLOWED_HOSTS\``;
}

const FILES: readonly (readonly [place: string, meaning: string])[] = [
  ['`src/settings.ts`', 'All settings; the only file that reads the environment'],
  ['`src/migrations/`', 'How the tables came to be'],
  ['`test/`', 'Tests, on databases of their own; those that say nothing of one run on SQLite'],
];

function commands({
  template,
  manager: { run, separator, exec, name },
}: Project): readonly (readonly [string, string])[] {
  const own = name === 'npm' ? 'npm' : run;
  return [
    [`\`${run} dev\``, 'Serves, and starts again when a file changes'],
    [`\`${own} start\``, 'Serves'],
    ...(template === 'full' ? [[`\`${run} work\``, 'Runs jobs; while you develop, the server does'] as const] : []),
    [`\`${own} test\``, 'Runs the tests'],
    [`\`${run} lint\``, 'Checks types, style and format; `format` mends the last'],
    [`\`${run} manage makemigrations\``, 'Writes a migration for what changed in the entities'],
    [`\`${run} manage migrate\``, 'Applies migrations'],
    [`\`${run} manage ${separator}--help\``, 'Lists all commands'],
    [`\`${run} manage startapp catalog\``, 'Makes another app; `make:entity` and others fill it'],
    [`\`${exec} nest generate app catalog\``, 'The same by the Nest CLI'],
  ];
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([first]) => first.length));
  const other = Math.max(...rows.map(([, second]) => second.length));
  const line = (first: string, second: string): string => `| ${first.padEnd(width)} | ${second.padEnd(other)} |`;
  const body = rows.map(([first, second]) => line(first, second));
  return [line('', ''), `| ${'-'.repeat(width)} | ${'-'.repeat(other)} |`, ...body].join('\n');
}

import { posix } from 'node:path';

import { listCode, quoted } from '../code/literals.js';
import { wordsOf } from '../names/words.js';
import { templatesFolder } from '../project/app-templates.js';
import { specifier, type Project } from '../project/project.js';
import { ruleOf } from '../project/rule.js';
import { targetOf, type PartOptions, type Target } from '../project/target.js';
import { testPath, writeAppTest } from '../project/write-test.js';
import { SchematicError } from '../schematic-error.js';

/** The options of its schema. */
export interface NotificationOptions extends PartOptions {
  /** `mail,database`; those two unless given. */
  readonly channels?: string | readonly string[];
}

/** A channel of the framework. */
type ChannelName = 'mail' | 'database' | 'log';

/** A notification as it is written. */
interface NewNotification {
  readonly className: string;
  /** `catalog.restocked`, under which it is stored. */
  readonly name: string;
  /** Of the file, without its end. */
  readonly file: string;
  /** `catalog/restocked`, of its templates. */
  readonly template: string;
  readonly channels: readonly ChannelName[];
}

const CHANNELS: readonly ChannelName[] = ['mail', 'database', 'log'];
const LONGEST_NAME = 100;

/** Writes a notification, the templates of its mail and a test. */
export function generateNotification(project: Project, options: NotificationOptions): readonly string[] {
  const target = targetOf(project, options, 'a notification');
  const notification = describe(target, channelsOf(options));
  const { app } = target;
  const { className, file, channels } = notification;
  const path = posix.join(app.folder, `${file}.notification.ts`);
  project.create(path, notificationCode(notification));
  if (channels.includes('mail')) writeTemplates(project, target, notification, options.skipImport !== true);
  if (options.skipImport === true || options.spec === false) return [];
  const test = testPath(project, app, `${file}.notification`);
  return writeAppTest(project, app, `${file}.notification`, {
    imports: [
      ['bowerbird/notifications', ...(channels.includes('database') ? ['Inbox'] : []), 'Notifications'],
      [specifier(test, path), className],
    ],
    tests: [testCode(notification)],
  });
}

/** The rule that the devkit runs. */
export const main = ruleOf<NotificationOptions>(generateNotification);

/** @throws SchematicError */
function describe({ app, ...target }: Target, channels: readonly ChannelName[]): NewNotification {
  const file = target.file.replace(/(?<=.)-notification$/, '');
  const name = `${app.name}.${file}`;
  if (name.length > LONGEST_NAME)
    throw new SchematicError(`"${name}" is too long`, `Names of notifications have at most ${LONGEST_NAME} characters`);
  const className = `${target.className.replace(/(?<=.)Notification$/, '')}Notification`;
  return { className, name, file, template: `${app.name}/${file}`, channels };
}

/** @throws SchematicError */
function channelsOf({ channels = ['mail', 'database'] }: NotificationOptions): readonly ChannelName[] {
  const given = [channels].flat().flatMap((text) => text.split(/[\s,]+/).filter((name) => name !== ''));
  const unknown = given.find((name) => !CHANNELS.some((known) => known === name));
  const hint = `One or more of ${CHANNELS.join(', ')}, with commas; channels of your own are added by hand`;
  if (unknown !== undefined) throw new SchematicError(`"${unknown}" is no channel of the framework`, hint);
  if (given.length === 0) throw new SchematicError('A notification needs a channel', hint);
  return CHANNELS.filter((name) => given.includes(name));
}

function notificationCode({ className, name, template, channels }: NewNotification): string {
  return [
    "import { Notice, Notification } from 'bowerbird/notifications';",
    '',
    listCode(`@Notification({ name: ${quoted(name)}, channels: `, channels, ' })'),
    `export class ${className} extends Notice {`,
    '  constructor(private readonly title: string) {',
    '    super();',
    '  }',
    ...channels.flatMap((channel) => ['', ...METHODS[channel](template)]),
    '}\n',
  ].join('\n');
}

/** The lines of the method that each channel asks. */
const METHODS: Readonly<Record<ChannelName, (template: string) => readonly string[]>> = {
  mail: (template) => [
    '  override mail() {',
    `    return { template: ${quoted(template)}, data: { title: this.title } };`,
    '  }',
  ],
  database: () => ['  override database() {', '    return { title: this.title };', '  }'],
  log: () => ['  override log() {', '    return this.title;', '  }'],
};

function writeTemplates(project: Project, { app }: Target, { template }: NewNotification, change: boolean): void {
  const path = posix.join(templatesFolder(project, app, change), template);
  project.create(`${path}.subject.txt.hbs`, '{{title}}\n');
  project.create(`${path}.txt.hbs`, '{{title}}\n');
  project.create(`${path}.html.hbs`, '<p>{{title}}</p>\n');
}

function testCode({ className, name, file, channels }: NewNotification): string {
  const title = quoted(wordsOf(file).join(' '));
  return [
    "it('reaches people by each of its channels', async () => {\n",
    "  const to = { id: 1, email: 'ann@example.com' };\n",
    `  const { failed, delivered } = await app.get(Notifications).send(to, new ${className}(${title}));\n`,
    '  expect(failed).toEqual([]);\n',
    listCode('  expect(delivered).toEqual(', channels, ');\n'),
    ...(channels.includes('mail')
      ? [`  expect(app.outbox).toMatchObject([{ subject: ${title}, html: '<p>${wordsOf(file).join(' ')}</p>\\n' }]);\n`]
      : []),
    ...(channels.includes('database')
      ? [
          `  expect(await app.get(Inbox).list(to)).toMatchObject([{ name: ${quoted(name)}, data: { title: ${title} } }]);\n`,
        ]
      : []),
    '});\n',
  ].join('');
}

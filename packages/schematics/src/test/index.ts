import { type Project } from '../project/project.js';
import { ruleOf } from '../project/rule.js';
import { targetOf, type PartOptions } from '../project/target.js';
import { writeAppTest } from '../project/write-test.js';

/** Writes a test that boots an app, for whatever one wants to test of it. */
export function generateTest(project: Project, options: PartOptions): readonly string[] {
  const name = options.name?.replace(/[-_. ]?(spec|test)$/i, '');
  const { app, file } = targetOf(project, { ...options, ...(name && { name }) }, 'a test');
  return writeAppTest(project, app, file, {
    imports: [],
    tests: [
      [
        "it('answers', async () => {\n",
        "  expect((await app.client().get('/health/ready')).status).toBe(200);\n",
        '});\n',
      ].join(''),
    ],
  });
}

/** The rule that the devkit runs. */
export const main = ruleOf<PartOptions>(generateTest);

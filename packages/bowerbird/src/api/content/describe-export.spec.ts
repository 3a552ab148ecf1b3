import { expect, it } from 'vitest';

import { type Finding } from '#core';

import { describeExport, type ExportOptions } from './describe-export.js';

function described(options?: ExportOptions | false, path = 'blog/posts') {
  const findings: Finding[] = [];
  const exported = describeExport(options, { path, at: 'Posts', report: (finding) => findings.push(finding) });
  return [exported, ...findings.map(({ id, message }) => `${id} ${message}`)];
}

it('exports are named after the path', () => {
  expect(described()).toEqual([{ fileName: 'posts', defuse: true }]);
  expect(described({ defuse: false, fileName: 'All_2.0' })).toEqual([{ fileName: 'All_2.0', defuse: false }]);
  expect(described(false)).toEqual([null]);
});

it.each(['..', 'a"b', 'a/b', '', 'x'.repeat(101), 'ä'])('%j cannot be the name of a file', (fileName) => {
  expect(described({ fileName })).toEqual([
    { fileName: 'export', defuse: true },
    `api.E060 "${fileName}" cannot be the name of a file`,
  ]);
});

import ts from 'typescript';
import { describe, expect, it } from 'vitest';

import { packageSources, type SourceFile } from './source.js';

const files = packageSources();

describe('the package', () => {
  it('never reads the process environment', () => {
    expect(places(/process\.env\b/)).toEqual([]);
  });

  it('writes to no console', () => {
    expect(places(/\bconsole\.\w+\(/)).toEqual([]);
  });

  it('has no unfinished marks', () => {
    expect(places(/\b(TODO|FIXME|XXX)\b/)).toEqual([]);
  });

  it('keeps no mutable state in modules', () => {
    expect(files.flatMap(mutableModuleState)).toEqual([]);
  });
});

function places(pattern: RegExp): string[] {
  return files.flatMap((file) =>
    file.text
      .split('\n')
      .map((line, index) => ({ line, at: `${file.path}:${index + 1}` }))
      .filter(({ line }) => pattern.test(line.replace(/^\s*(\*|\/\/|\/\*\*).*$/, '')))
      .map(({ at }) => at),
  );
}

/** Module-level `let` and `var`, and constants that hold a collection whose type lets others write to it. */
function mutableModuleState(file: SourceFile): string[] {
  return file.tree.statements.filter(ts.isVariableStatement).flatMap((statement) => {
    if ((statement.declarationList.flags & ts.NodeFlags.Const) === 0) return [at(file, statement, 'not a const')];
    return statement.declarationList.declarations
      .filter(isMutable)
      .map((declaration) => at(file, declaration, 'mutable collection'));
  });
}

function isMutable({ initializer, type }: ts.VariableDeclaration): boolean {
  if (!initializer) return false;
  const readonlyType = type !== undefined && /^(readonly |Readonly)/.test(type.getText());
  if (ts.isNewExpression(initializer))
    return /^(Weak)?(Map|Set)$/.test(initializer.expression.getText()) && !readonlyType;
  return ts.isArrayLiteralExpression(initializer) && initializer.elements.length === 0 && !readonlyType;
}

function at(file: SourceFile, node: ts.Node, what: string): string {
  return `${file.path}:${file.tree.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${what}`;
}

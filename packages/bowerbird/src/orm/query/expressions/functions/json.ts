import { type Argument, type ArgumentMentions } from '../aggregates.js';
import { argumentOf, type Expression } from '../expression.js';
import { documentOf } from '../json-value.js';
import { FunctionExpression, type FunctionRule } from './function-expression.js';

const LENGTH: FunctionRule = {
  name: 'JsonLength',
  takes: [['json']],
  write: (_args, [value], dialect) => dialect.json.length(documentOf(value!, dialect)),
  result: () => ({ kind: 'integer', nullable: true }),
};

/** How many elements a list inside of a JSON document has: `JsonLength('data.tags')`. NULL for what is no list. */
export function JsonLength<const A extends Argument>(argument: A): Expression<number | null, ArgumentMentions<A>> {
  return new FunctionExpression(LENGTH, [argumentOf(argument)]);
}

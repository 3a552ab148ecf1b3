import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { findContributions } from '../metadata/contributions.js';
import { CheckReport, type SilencedCheck } from './check-report.js';
import { Check, CHECK_RULES, type CheckRuleNote } from './check.decorator.js';
import { type Finding, type Findings } from './finding.js';

/** Which rules to run. */
export interface CheckRunOptions {
  /** Include the rules that only matter in production. */
  readonly deploy?: boolean;
  /** Include the rules that ask the database; true unless said otherwise. */
  readonly database?: boolean;
  /** Only these areas; all by default. */
  readonly areas?: readonly string[];
  readonly silenced?: readonly SilencedCheck[];
}

/** Finds every {@link Check} provider of the application and runs its rules. */
@Injectable()
export class CheckRunner {
  constructor(private readonly discovery: DiscoveryService) {}

  /** The areas that have checks, sorted. */
  areas(): readonly string[] {
    return [...new Set(findContributions<object, string>(this.discovery, Check).map(({ meta }) => meta))].sort();
  }

  /** Runs the rules one after another and returns all that they found. */
  async run(options: CheckRunOptions = {}): Promise<CheckReport> {
    const findings: Finding[] = [];
    for (const { instance, meta } of findContributions<object, string>(this.discovery, Check)) {
      if (options.areas && !options.areas.includes(meta)) continue;
      for (const rule of rulesOf(instance, options)) findings.push(...(await collect(instance, rule)));
    }
    return new CheckReport(findings, options.silenced);
  }
}

function rulesOf(instance: object, options: CheckRunOptions): readonly CheckRuleNote[] {
  const rules = CHECK_RULES.read(instance.constructor) ?? [];
  return rules.filter((rule) => (options.deploy || !rule.deploy) && (options.database !== false || !rule.database));
}

async function collect(instance: object, rule: CheckRuleNote): Promise<Finding[]> {
  const found: Finding[] = [];
  const run = (instance as Record<string, () => Findings>)[rule.method]!;
  for await (const finding of run.call(instance)) found.push(finding);
  return found;
}

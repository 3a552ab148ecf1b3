import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { Check, CheckRule, error, type Finding } from '#core';

import { contributedHelpers, reservedNames } from './contributed-parts.js';
import { TemplateRenderer } from './template-renderer.js';
import { TemplateError } from './templates.errors.js';

/** Checks of the templates area. */
@Injectable()
@Check('templates')
export class TemplatesChecks {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly renderer: TemplateRenderer,
  ) {}

  /** Two helpers of one name. */
  @CheckRule()
  *duplicateHelpers(): Generator<Finding> {
    const owners = new Map([...reservedNames()].map((name) => [name, 'the framework']));
    for (const { meta, name } of contributedHelpers(this.discovery)) {
      const owner = owners.get(meta);
      if (owner)
        yield error('templates.E003', `The template helper "${meta}" of ${name} is already given by ${owner}`, {
          at: name,
          hint: 'Give the helper another name in @TemplateHelper()',
        });
      owners.set(meta, name);
    }
  }

  /**
   * Templates of the project and its apps that do not compile. Those of a library are its own tests' matter; compiling
   * them all would double the time that a production process takes to start.
   */
  @CheckRule({ deploy: true })
  *brokenTemplates(): Generator<Finding> {
    for (const name of this.renderer.projectNames()) {
      const problem = this.compile(name);
      if (problem)
        yield error('templates.E004', problem.message, {
          at: `${problem.file}:${problem.line}`,
          hint: problem.hint ?? 'Correct the template',
        });
    }
  }

  private compile(name: string): TemplateError | undefined {
    try {
      this.renderer.compile(name);
      return undefined;
    } catch (failure) {
      if (failure instanceof TemplateError) return failure;
      throw failure;
    }
  }
}

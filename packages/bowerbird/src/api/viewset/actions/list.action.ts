import { Injectable } from '@nestjs/common';

import { type HttpRequest, type Reply } from '#http';

import { Answers } from '../../content/answers.service.js';
import { StreamFormat } from '../../content/api-format.js';
import { ParameterProblems } from '../../filters/parameter-problems.js';
import { type Parameters } from '../../filters/parameters.js';
import { type Pagination } from '../../pagination/pagination.js';
import { readList } from '../../pagination/read-list.js';
import { ViewSetCalls } from '../viewset-calls.js';
import { ViewSetRows } from '../viewset-rows.js';
import { RowDocuments } from './row-documents.js';

/** One page of the rows, or all of them where the format is a stream. */
@Injectable()
export class ListAction {
  constructor(
    private readonly calls: ViewSetCalls,
    private readonly rows: ViewSetRows,
    private readonly documents: RowDocuments,
    private readonly answers: Answers,
  ) {}

  /** @throws BadParametersError, NotAcceptableError */
  async run(viewset: object, request: HttpRequest): Promise<Reply> {
    const problems = new ParameterProblems();
    const call = this.calls.of(viewset, request, 'list', problems);
    const { format, given } = call;
    if (format instanceof StreamFormat) refusePages(given, call.description.pagination, problems);
    const list = readList(this.rows.of(call), given, call.description, problems);
    const rows = this.documents.loading(list.rows, call);
    if (format instanceof StreamFormat) return this.answers.stream(call, format, rows);
    const page = await call.description.pagination.fetch(rows, list.page, call.address);
    return this.answers.list(call, format, format.paged(page, call), await this.documents.all(page.rows, call));
  }
}

/** There are no pages of a list that is sent whole. */
function refusePages(given: Parameters, { parameters }: Pagination, problems: ParameterProblems): void {
  for (const { name } of parameters)
    if (given.has(name)) problems.add(name, 'The list is sent whole in this format; leave this out.');
}

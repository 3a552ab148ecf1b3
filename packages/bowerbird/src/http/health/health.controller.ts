import { Get } from '@nestjs/common';

import { PageController } from '../reply/page-controller.decorator.js';
import { Public } from '../reply/public.decorator.js';
import { Reply } from '../reply/reply.js';
import { ReadinessService } from './readiness.service.js';

/** Tells orchestrators and load balancers how the process is. */
@PageController('health')
@Public()
export class HealthController {
  constructor(private readonly readiness: ReadinessService) {}

  /** The process runs and answers. */
  @Get('live')
  live(): Reply {
    return Reply.json({ status: 'ok' }, { headers: NO_STORE });
  }

  /** The process can do its work: everything it needs is there, and it is not about to stop. */
  @Get('ready')
  async ready(): Promise<Reply> {
    const { ready, checks } = await this.readiness.ask();
    return Reply.json(
      { status: ready ? 'ok' : 'unavailable', checks },
      { status: ready ? 200 : 503, headers: NO_STORE },
    );
  }
}

const NO_STORE = { 'Cache-Control': 'no-store' } as const;

import { Injectable, Optional, type OnApplicationBootstrap } from '@nestjs/common';

import { GracefulShutdown } from '#http';
import { JobWorker } from '#jobs';

/** Lets a worker that runs inside of a server stop together with it. */
@Injectable()
export class WorkerShutdown implements OnApplicationBootstrap {
  constructor(
    private readonly shutdown: GracefulShutdown,
    @Optional() private readonly worker?: JobWorker,
  ) {}

  onApplicationBootstrap(): void {
    const { worker } = this;
    if (worker) this.shutdown.alongside(() => worker.stop());
  }
}

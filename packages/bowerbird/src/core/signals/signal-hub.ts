import { type DiscoveryService } from '@nestjs/core';

import { type AnyClass } from '../metadata/notes.js';
import { RECEIVERS_NOTE, type ReceiverNote, type ReceiverOptions } from './on-signal.decorator.js';
import { type EventOf, type Signal, type SignalShape } from './signal.js';
import { isSilent } from './silence.js';

/** A receiver that was connected by hand. */
export interface Connection {
  /** Ends it. A second call does nothing. */
  disconnect(): void;
}

/** Whose event it is, and how to wait for the end of the transaction that it is part of. */
export interface Sending {
  readonly sender?: AnyClass;
  /** Runs work after the commit; without it receivers that wait for one run at once. */
  readonly onCommit?: (work: () => Promise<void>, options: { readonly robust: boolean }) => Promise<void>;
}

interface Receiver {
  readonly signal: Signal;
  readonly sender: AnyClass | null;
  readonly options: ReceiverOptions;
  readonly receive: (event: never) => unknown;
}

/** Tells the receivers of one application of what happens: those marked by `@OnSignal` and those connected by hand. */
export class SignalHub {
  private readonly bySignal = new Map<Signal, Receiver[]>();
  private found = false;

  constructor(private readonly discovery: DiscoveryService) {}

  /** Connects a receiver until it is disconnected, for tests and for what is known at run time only. */
  connect<F extends SignalShape, S extends object = object>(
    signal: Signal<F>,
    sender: (AnyClass & { readonly prototype: S }) | null,
    receive: (event: EventOf<F, S>) => unknown,
    options: ReceiverOptions = {},
  ): Connection {
    this.discover();
    const receiver: Receiver = { signal: signal, sender, options, receive };
    this.add(receiver);
    return { disconnect: () => this.remove(receiver) };
  }

  /** Whether anybody would hear a signal, of a sender or of any; without a receiver nothing has to be prepared. */
  hears(signal: Signal, sender?: AnyClass): boolean {
    return this.of(signal).some((receiver) => concerns(receiver, sender));
  }

  /**
   * Tells every receiver, one after another. The error of one stops the others and is thrown: where it happens inside
   * of a transaction, that is rolled back.
   */
  async send<F extends SignalShape>(signal: Signal<F>, event: EventOf<F>, sending: Sending = {}): Promise<void> {
    const { sender, onCommit } = sending;
    const receivers = this.of(signal).filter((receiver) => concerns(receiver, sender));
    for (const { receive, options } of receivers) {
      const tell = async (): Promise<void> => {
        await receive(event as never);
      };
      await (options.onCommit && onCommit ? onCommit(tell, { robust: options.onCommit === 'robust' }) : tell());
    }
  }

  private of(signal: Signal): readonly Receiver[] {
    this.discover();
    const receivers = this.bySignal.get(signal);
    return receivers && receivers.length > 0 && !isSilent(signal) ? receivers : [];
  }

  private add(receiver: Receiver): void {
    const order = (one: Receiver): number => one.options.order ?? 0;
    const receivers = [...(this.bySignal.get(receiver.signal) ?? []), receiver];
    this.bySignal.set(
      receiver.signal,
      receivers.sort((left, right) => order(left) - order(right)),
    );
  }

  private remove(receiver: Receiver): void {
    const others = (this.bySignal.get(receiver.signal) ?? []).filter((one) => one !== receiver);
    this.bySignal.set(receiver.signal, others);
  }

  /** Finds the receivers among the providers, when the first signal is sent. */
  private discover(): void {
    if (this.found) return;
    this.found = true;
    for (const { instance, notes } of receiversOf(this.discovery).filter(({ single }) => single))
      for (const { signal, sender, method, options } of notes) {
        const receive = (event: never): unknown =>
          (instance as Record<string, (event: never) => unknown>)[method]!(event);
        this.add({ signal, sender, options, receive });
      }
  }
}

/** A provider with receivers. */
export interface ReceivingProvider {
  readonly name: string;
  readonly instance: object;
  readonly notes: readonly ReceiverNote[];
  /** Whether there is one instance for the whole application. */
  readonly single: boolean;
}

/** Every provider and controller that has receivers, each once. */
export function receiversOf(discovery: DiscoveryService): readonly ReceivingProvider[] {
  const found = new Map<unknown, ReceivingProvider>();
  for (const wrapper of [...discovery.getProviders(), ...discovery.getControllers()]) {
    const notes = typeof wrapper.metatype === 'function' ? RECEIVERS_NOTE.read(wrapper.metatype) : undefined;
    if (!notes || !wrapper.instance || found.has(wrapper.instance)) continue;
    const { name, instance } = wrapper as { name: string; instance: object };
    found.set(instance, { name, instance, notes, single: wrapper.isDependencyTreeStatic() });
  }
  return [...found.values()];
}

function concerns({ sender: wanted }: Receiver, sender: AnyClass | undefined): boolean {
  if (wanted === null || sender === undefined) return true;
  return wanted === sender || (sender.prototype as object) instanceof wanted;
}

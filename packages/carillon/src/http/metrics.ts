import { Gauge, Histogram, Registry } from 'prom-client';
import type { RunningApplication } from '../runtime/running-application.js';

/** In seconds: from a tenth of a millisecond to ten seconds. */
const buckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Measures the calls of one kind by name and outcome. */
export type ObserveCall = (name: string, outcome: string, durationMs: number) => void;

/** Measures one application. Every metric carries the label `application`. */
export class Metrics {
  /** Outcomes: `accepted`, `rejected`, or the code of the problem. */
  readonly observeCommand: ObserveCall;
  /** Outcomes: `answered`, `unchanged` (304), `subscribed`, or the code of the problem. */
  readonly observeQuery: ObserveCall;
  /** How many event streams are open. */
  openSubscriptions = 0;
  readonly #running: RunningApplication;
  readonly #registry = new Registry();
  readonly #open: Gauge;
  readonly #position: Gauge;
  readonly #lagEvents: Gauge;
  readonly #lagSeconds: Gauge;
  readonly #failed: Gauge;
  readonly #serving: Gauge;
  readonly #buildPosition: Gauge;
  readonly #buildFailed: Gauge;
  readonly #relay: { readonly [name in 'position' | 'lagSeconds' | 'connected']: Gauge };
  readonly #inbox: { readonly [name in 'position' | 'connected']: Gauge };
  readonly #reaction: { readonly [name in 'position' | 'lagEvents' | 'lagSeconds' | 'parked' | 'timers']: Gauge };

  constructor(running: RunningApplication) {
    this.#running = running;
    this.#registry.setDefaultLabels({ application: running.application.name });
    this.observeCommand = this.#histogram('command', 'accepted, rejected, or the code of the problem');
    this.observeQuery = this.#histogram('query', 'answered, unchanged (304), subscribed, or the code of the problem');
    this.#open = this.#gauge('open_subscriptions', 'Event streams that are open now.', []);
    this.#position = this.#gauge('read_model_position', 'The position that a read model has got to.');
    this.#lagEvents = this.#gauge('read_model_lag_events', 'Events that a read model has not looked at yet.');
    this.#lagSeconds = this.#gauge(
      'read_model_lag_seconds',
      'The age of the oldest event that a read model has not looked at yet.',
    );
    this.#failed = this.#gauge('read_model_failed', '1 when a read model has stopped at an event, else 0.');
    this.#serving = this.#gauge('read_model_serving', '1 when a read model has caught up once and answers, else 0.');
    this.#buildPosition = this.#gauge(
      'read_model_build_position',
      'The position of the tables that are being built, the first or those of a rebuild; the head of the log when none are.',
    );
    this.#buildFailed = this.#gauge('read_model_build_failed', '1 when what is being built has stopped, else 0.');
    const ofModule = (name: string, help: string) => this.#gauge(name, help, ['module']);
    this.#relay = {
      position: ofModule('relay_position', 'The position of the last event of a module that was sent.'),
      lagSeconds: ofModule('relay_lag_seconds', 'The age of the oldest event of a module that was not sent yet.'),
      connected: ofModule('relay_connected', '1 when what a module publishes can be sent, else 0.'),
    };
    this.#inbox = {
      position: ofModule('inbox_position', "The position in a module's log up to which its events have come in."),
      connected: ofModule('inbox_connected', '1 when events of a module can come in, else 0.'),
    };
    const gauge = (name: string, help: string) => this.#gauge(`reaction_${name}`, help, ['reaction']);
    this.#reaction = {
      position: gauge('position', 'The position that a reaction has got to.'),
      lagEvents: gauge('lag_events', 'Events that a reaction has not done yet.'),
      lagSeconds: gauge('lag_seconds', 'The age of the oldest event that a reaction has not done yet.'),
      parked: gauge('parked', 'Events of a reaction that wait for an operator.'),
      timers: gauge('timers', 'Timers of a process manager that wait.'),
    };
  }

  /** Everything, in the text format of Prometheus. */
  async response(): Promise<Response> {
    this.#open.set(this.openSubscriptions);
    for (const readModel of await this.#running.readModels()) {
      const labels = { read_model: readModel.name };
      this.#position.set(labels, readModel.position);
      this.#lagEvents.set(labels, readModel.lagEvents);
      this.#lagSeconds.set(labels, readModel.lagMs / 1_000);
      this.#failed.set(labels, readModel.status === 'failed' ? 1 : 0);
      this.#serving.set(labels, readModel.isServing ? 1 : 0);
      this.#buildPosition.set(labels, readModel.building?.position ?? readModel.head);
      this.#buildFailed.set(labels, readModel.building?.failure === undefined ? 0 : 1);
    }
    for (const reaction of await this.#running.reactions()) {
      const labels = { reaction: reaction.name };
      this.#reaction.position.set(labels, reaction.position);
      this.#reaction.lagEvents.set(labels, reaction.lagEvents);
      this.#reaction.lagSeconds.set(labels, reaction.lagMs / 1_000);
      this.#reaction.parked.set(labels, reaction.parked.length);
      this.#reaction.timers.set(labels, reaction.timers);
    }
    await this.#measureRelays();
    return new Response(await this.#registry.metrics(), {
      headers: {
        'Content-Type': this.#registry.contentType,
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
      },
    });
  }

  /** Those that other processes do by now are not shown any more. */
  async #measureRelays(): Promise<void> {
    for (const gauge of [...Object.values(this.#relay), ...Object.values(this.#inbox)]) gauge.reset();
    for (const { direction, module, position, lagMs, trouble } of await this.#running.relays()) {
      const gauges = direction === 'relay' ? this.#relay : this.#inbox;
      gauges.position.set({ module }, position);
      gauges.connected.set({ module }, trouble === undefined ? 1 : 0);
      if (lagMs !== undefined) this.#relay.lagSeconds.set({ module }, lagMs / 1_000);
    }
  }

  #gauge(name: string, help: string, labelNames = ['read_model']): Gauge {
    return new Gauge({ name: `carillon_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram(kind: 'command' | 'query', outcomes: string): ObserveCall {
    const histogram = new Histogram({
      name: `carillon_${kind}_duration_seconds`,
      help: `Time from a ${kind} coming in to its answer. Outcomes: ${outcomes}.`,
      labelNames: [kind, 'outcome'],
      buckets,
      registers: [this.#registry],
    });
    // Finding an observer here is quicker than having its labels checked each time. Names and outcomes are few.
    const observers = new Map<string, Histogram.Internal<string>>();
    return (name, outcome, durationMs) => {
      const key = `${name} ${outcome}`;
      let observer = observers.get(key);
      if (observer === undefined) {
        observer = histogram.labels(name, outcome);
        observers.set(key, observer);
      }
      observer.observe(durationMs / 1_000);
    };
  }
}

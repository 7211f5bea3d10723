import { z } from 'zod';

const Policy = z.object({ type: z.enum(['Percent', 'Pods']), value: z.number(), periodSeconds: z.number() });

/** The parts of KEDA's ScaledObject that decide how many workers there are. */
export const ScalingRuleSchema = z.object({
  minReplicaCount: z.number(),
  maxReplicaCount: z.number(),
  pollingInterval: z.number(),
  cooldownPeriod: z.number(),
  advanced: z.object({
    horizontalPodAutoscalerConfig: z.object({
      behavior: z.object({
        scaleUp: z.object({ stabilizationWindowSeconds: z.number(), policies: z.array(Policy) }),
        scaleDown: z.object({ stabilizationWindowSeconds: z.number(), policies: z.array(Policy) }),
      }),
    }),
    scalingModifiers: z.object({ formula: z.string(), target: z.coerce.number(), activationTarget: z.coerce.number() }),
  }),
});
export type ScalingRule = z.infer<typeof ScalingRuleSchema>;

/** The answers to the rule's queries. */
export interface QueueFigures {
  readonly waiting: number;
  readonly active: number;
  /** Age of the oldest waiting clip in seconds. */
  readonly oldest: number;
  /** Workers that are up. */
  readonly workers: number;
}

/** While usage is this close to its target, the autoscaler changes nothing (kube-controller-manager's default). */
const TOLERANCE = 0.1;

/** The formula's value. The formula uses only what KEDA's expression language and JavaScript have in common. */
export function formulaValue(rule: ScalingRule, { waiting, active, oldest, workers }: QueueFigures): number {
  const names = ['min', 'max', 'waiting', 'active', 'oldest', 'workers'];
  const formula = new Function(...names, `return ${rule.advanced.scalingModifiers.formula}`);
  return z.number().parse(formula(Math.min, Math.max, waiting, active, oldest, workers));
}

/**
 * The autoscaler of Kubernetes as KEDA uses it, as pure decisions; the caller passes the time in seconds. KEDA starts
 * the first worker and stops the last one. In between the autoscaler follows the formula within its policies.
 */
export class Scaler {
  readonly #rule: ScalingRule;
  #lastActive = Number.NEGATIVE_INFINITY;
  /** Numbers of workers wished for within the window of scaling in. */
  #wishes: { readonly at: number; readonly workers: number }[] = [];
  /** Numbers of replicas over time, for policies that name a period. */
  #past: { readonly at: number; readonly workers: number }[] = [];

  constructor(rule: ScalingRule) {
    this.#rule = rule;
  }

  /** Decides how many workers there should be from now on. */
  decide(now: number, figures: QueueFigures, replicas: number): number {
    const { minReplicaCount: least, maxReplicaCount: most, cooldownPeriod, advanced } = this.#rule;
    const { target, activationTarget } = advanced.scalingModifiers;
    const value = formulaValue(this.#rule, figures);
    if (value > activationTarget) this.#lastActive = now;
    const decided = this.#decide(now, value / target, replicas);
    const isAsleep = now - this.#lastActive > cooldownPeriod || (replicas === 0 && value <= activationTarget);
    const workers = Math.min(most, isAsleep ? least : Math.max(least, 1, decided));
    this.#past = [...this.#past.filter(({ at }) => now - at <= 3600), { at: now, workers }];
    return workers;
  }

  #decide(now: number, wantedExactly: number, replicas: number): number {
    const { scaleUp, scaleDown } = this.#rule.advanced.horizontalPodAutoscalerConfig.behavior;
    const isClose = replicas > 0 && Math.abs(wantedExactly / replicas - 1) <= TOLERANCE;
    const wish = isClose ? replicas : Math.ceil(wantedExactly);
    this.#wishes = [
      ...this.#wishes.filter(({ at }) => now - at < scaleDown.stabilizationWindowSeconds),
      { at: now, workers: wish },
    ];
    if (wish > replicas) return Math.min(wish, this.#bound(now, replicas, scaleUp.policies, 1));
    const stable = Math.max(...this.#wishes.map(({ workers }) => workers));
    return stable >= replicas ? replicas : Math.max(stable, this.#bound(now, replicas, scaleDown.policies, -1));
  }

  /**
   * The furthest number of replicas in this direction that one of the policies allows, counted from the start of its
   * period.
   */
  #bound(now: number, replicas: number, policies: readonly z.infer<typeof Policy>[], direction: 1 | -1): number {
    const bounds = policies.map(({ type, value, periodSeconds }) => {
      const before = this.#past.filter(({ at }) => at <= now - periodSeconds).at(-1)?.workers ?? this.#past[0]?.workers;
      const start = before ?? replicas;
      const step = type === 'Pods' ? value : (start * value) / 100;
      return direction === 1 ? Math.ceil(start + step) : Math.floor(start - step);
    });
    return direction === 1 ? Math.max(...bounds, replicas) : Math.max(0, Math.min(...bounds));
  }
}

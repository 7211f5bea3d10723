/** How long a simulated device takes for one run of B clips: `runMs` + B · `clipMs`. */
export interface CostModel {
  readonly runMs: number;
  readonly clipMs: number;
}

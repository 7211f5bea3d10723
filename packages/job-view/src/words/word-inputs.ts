/** What sentences are made of. */
export type Variant = 'content' | 'style-content' | 'custom';
export type EvidenceLevel = 'weak' | 'moderate' | 'strong' | 'very-strong';

/** On what a bundle was calibrated. */
export interface Calibrated {
  readonly date: string;
  readonly data: string;
}

/** A stretch of time, both ends in words. */
export interface Extent {
  readonly from: string;
  readonly to: string;
}

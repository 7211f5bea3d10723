import { describe, expect, it } from 'vitest';
import { auditUploads, type UploadsEvidence } from './audit-uploads.js';

const item = (n: number, changes = {}) => ({ id: `${n}.mp4`, uploadId: `u${n}`, sha256: `d${n}`, ...changes });
/** Of four files two were noted when the command line was killed, and a third was whole, unanswered. */
const good: UploadsEvidence = {
  files: [0, 1, 2, 3].map((n) => ({ name: `${n}.mp4`, sha256: `d${n}` })),
  notedAtTheKill: new Map([0, 1].map((n) => [`${n}.mp4`, `u${n}`])),
  wholeAtTheKill: new Set(['u0', 'u1', 'lost-2']),
  items: [0, 1, 2, 3].map((n) => item(n)),
  leftUploads: ['lost-2'],
  parallel: 1,
};
const kindsOf = (changes: Partial<UploadsEvidence>): string[] =>
  auditUploads({ ...good, ...changes }).findings.map(({ kind }) => kind);

describe('the audit of uploads', () => {
  it('takes a file whose answer was lost with the command line, and counts it', () => {
    expect(auditUploads(good)).toEqual({ findings: [], notedAtTheKill: 2, wholeWithoutAnswer: 1 });
  });

  it('finds a file that was noted and is sent again', () => {
    const items = [item(0), item(1, { uploadId: 'again' }), item(2), item(3)];
    expect(kindsOf({ items, leftUploads: ['lost-2', 'u1'] })).toEqual(['sent-twice', 'left-upload']);
  });

  it('finds files that are lost, doubled or other ones', () => {
    expect(kindsOf({ items: good.items.slice(1) })).toEqual(['lost-file']);
    expect(kindsOf({ items: [...good.items, item(3)] })).toEqual(['doubled-file']);
    expect(kindsOf({ items: [item(0, { sha256: 'd1' }), ...good.items.slice(1)] })).toEqual(['other-bytes']);
    expect(kindsOf({ items: [item(0, { sha256: null }), ...good.items.slice(1)] })).toEqual(['other-bytes']);
  });

  it('finds more whole uploads without a note than were on their way', () => {
    const wholeAtTheKill = new Set(['u0', 'u1', 'lost-2', 'lost-3']);
    expect(kindsOf({ wholeAtTheKill })).toEqual(['unnoted-upload']);
  });
});

import { describe, expect, it } from 'vitest';
import { parseWhere } from './where.js';

const NOW = Date.parse('2026-02-10T00:00:00Z');

describe('--where', () => {
  it('names jobs as their list does, and those that have succeeded where it says nothing else', () => {
    expect(parseWhere(['verdict=fake minScore=0.2, maxScore=0.6', 'q="my film" batch=b'], NOW)).toEqual({
      query: { status: 'succeeded', verdict: 'fake', minScore: 0.2, maxScore: 0.6, q: 'my film', batch: 'b' },
      ...{ since: null, until: null },
    });
    expect(parseWhere(['status=failed'], NOW).query).toEqual({ status: 'failed' });
    expect(parseWhere([], NOW)).toEqual({ query: { status: 'succeeded' }, since: null, until: null });
  });

  it('takes times, and spans of time that go back from now', () => {
    const times = parseWhere(['since=7d until=2026-02-09T12:00:00Z'], NOW);
    expect([times.since, times.until]).toEqual([Date.parse('2026-02-03'), Date.parse('2026-02-09T12:00:00Z')]);
  });

  it.each([
    ['verdict', 'no name=value'],
    ['verdict=maybe', 'verdict'],
    ['score=0.2', 'and not score'],
    ['status=queued', 'status'],
    ['minScore=2', 'minScore'],
    ['since=yesterday', 'neither a time'],
    ['verdict=fake verdict=real', 'twice'],
    ['q="my film', 'no name=value'],
  ])('%j is refused, and says why', (text, why) => {
    expect(() => parseWhere([text], NOW)).toThrow(why);
  });
});

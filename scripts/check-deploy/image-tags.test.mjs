import { describe, expect, it } from 'vitest';
import { findFloatingTag, parseImage } from './image-tags.mjs';

describe('the tag of an image', () => {
  it.each([
    'redis:7.2.12-bookworm',
    'prom/prometheus:v3.5.0',
    'registry.example.org:5000/styleflow/api:0.1.0',
    'chrislusf/seaweedfs:4.47',
    `redis@sha256:${'a'.repeat(64)}`,
    `redis:7.2.12@sha256:${'a'.repeat(64)}`,
  ])('may be %s, which is one build', (image) => expect(findFloatingTag(image)).toEqual([]));

  it.each([
    'redis',
    'redis:latest',
    'redis:7',
    'redis:7.2',
    'redis:7.2-bookworm',
    'redis:bookworm-7.2.12',
    'node:20.20-slim',
    'grafana/grafana:main',
    'registry.example.org:5000/styleflow/api',
    'somebody/seaweedfs:4.47',
    'chrislusf/seaweedfs:4',
    'redis:7.2.12@sha256:abc',
    'redis@sha512:00',
    '',
  ])('may not be "%s", which floats', (image) => expect(findFloatingTag(image)).toHaveLength(1));

  it("is told from a host's port and from a digest", () => {
    expect(parseImage('host:5000/a/b:1.2.3@sha256:00')).toEqual({
      name: 'host:5000/a/b',
      tag: '1.2.3',
      digest: 'sha256:00',
    });
    expect(parseImage('host:5000/a/b')).toEqual({ name: 'host:5000/a/b' });
  });
});

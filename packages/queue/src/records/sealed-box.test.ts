import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openBox, sealBox } from './sealed-box.js';
import { parseSecretKeys, type SecretKey } from './secret-keys.js';

const base64 = (): string => randomBytes(32).toString('base64');
const keyOf = (text: string): SecretKey => {
  const [key] = parseSecretKeys(text);
  if (key === undefined) throw new Error('no key');
  return key;
};
const LABEL = { of: 'job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D', name: 'source' };
const SECRET = 'https://anna:pässword@a.example/v.mp4?sig=1';

describe('a sealed box', () => {
  it('opens with its key and gives back what was put in, every time as another text', () => {
    const key = keyOf(base64());
    const boxes = [sealBox(key, LABEL, SECRET), sealBox(key, LABEL, SECRET)];
    expect(boxes.map((box) => openBox([key], LABEL, box))).toEqual([SECRET, SECRET]);
    expect(boxes[0]).not.toBe(boxes[1]);
    expect(boxes.join()).not.toMatch(/anna|a\.example/);
  });

  it('opens for nobody else and under no other name', () => {
    const key = keyOf(base64());
    const box = sealBox(key, LABEL, SECRET);
    for (const label of [
      { ...LABEL, of: 'job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4E' },
      { ...LABEL, name: 'webhook.url' },
    ]) {
      expect(() => openBox([key], label, box)).toThrow(/cannot be opened: .*STYLEFLOW_SECRET_KEY/);
    }
  });

  it('does not open when a bit of it was changed, nor when it is cut', () => {
    const key = keyOf(base64());
    const [format = '', id = '', text = ''] = sealBox(key, LABEL, SECRET).split('.');
    const bytes = Buffer.from(text, 'base64url');
    for (let place = 0; place < bytes.length; place += 1) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 1;
      const box = `${format}.${id}.${changed.toString('base64url')}`;
      expect(() => openBox([key], LABEL, box), `byte ${place}`).toThrow(/it was changed/);
    }
    for (const length of [1, 12, 27, bytes.length - 1]) {
      const box = `${format}.${id}.${bytes.subarray(0, length).toString('base64url')}`;
      expect(() => openBox([key], LABEL, box), `${length} bytes`).toThrow(/it was changed/);
    }
  });

  it('of a rotated key opens as long as the old key stands behind the new one', () => {
    const [before, now] = [base64(), base64()];
    const box = sealBox(keyOf(`before:${before}`), LABEL, SECRET);
    expect(openBox(parseSecretKeys(`now:${now},before:${before}`), LABEL, box)).toBe(SECRET);
    expect(sealBox(keyOf(`now:${now},before:${before}`), LABEL, SECRET)).toMatch(/^1\.now\./);
    expect(() => openBox(parseSecretKeys(`now:${now}`), LABEL, box)).toThrow(
      /the key before, and this process has other/,
    );
    expect(() => openBox([], LABEL, box)).toThrow(/no key at all/);
    expect(() => openBox(parseSecretKeys(`before:${now}`), LABEL, box)).toThrow(/before is not the one/);
  });

  it('of a key without a name opens when the key has been given one', () => {
    const key = base64();
    const box = sealBox(keyOf(key), LABEL, SECRET);
    expect(openBox(parseSecretKeys(`new:${base64()},old:${key}`), LABEL, box)).toBe(SECRET);
  });

  it.each(['', 'nonsense', '1.x', '2.key.AAAA', '1.key.###'])('that reads %j is refused without a crash', (box) => {
    expect(() => openBox([keyOf(base64())], LABEL, box)).toThrow(/cannot be opened/);
  });
});

describe('the setting of secret keys', () => {
  it.each(['short', `a:${randomBytes(31).toString('base64')}`, `a:b:${base64()}`, `a b:${base64()}`, `a:${base64()}!`])(
    'refuses %s without repeating it',
    (text) => {
      let message = '';
      try {
        parseSecretKeys(text);
      } catch (error) {
        message = String(error);
      }
      expect(message).toContain('allowed: 32 bytes in base64');
      expect(message).not.toContain(text);
    },
  );

  it('refuses two keys of one id', () => {
    expect(() => parseSecretKeys(`a:${base64()},a:${base64()}`)).toThrow(/same id/);
  });

  it('gives keys that show nothing of themselves when they are printed', () => {
    const key = base64();
    const printed = inspect(parseSecretKeys(key), { depth: 9 }) + JSON.stringify(parseSecretKeys(key));
    expect(printed).not.toContain(key);
    expect(printed).not.toContain(Buffer.from(key, 'base64').toString('hex').slice(0, 16));
  });
});

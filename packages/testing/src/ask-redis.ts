import { once } from 'node:events';
import { connect } from 'node:net';

export type RedisAnswer = string | number | null | readonly RedisAnswer[];

/**
 * Sends one command to a Redis server on loopback, over a connection of its own. This package knows no Redis library, so
 * that what a test looks at does not come by the way that it tests.
 * @throws Error with Redis's own words when it refuses; after `timeoutMs` without an answer.
 */
export async function askRedis(port: number, command: readonly string[], timeoutMs = 5_000): Promise<RedisAnswer> {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`Redis did not answer ${command[0]}`)));
  try {
    await once(socket, 'connect');
    const words = command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
    socket.write(`*${command.length}\r\n${words.join('')}`);
    let received = Buffer.alloc(0);
    for await (const piece of socket) {
      received = Buffer.concat([received, piece as Buffer]);
      const read = readAnswer(received, 0);
      if (read !== null) return read.answer;
    }
    throw new Error(`Redis closed the connection before it answered ${command[0]}`);
  } finally {
    socket.destroy();
  }
}

/** Null while the answer is not complete. */
function readAnswer(bytes: Buffer, start: number): { answer: RedisAnswer; end: number } | null {
  const lineEnd = bytes.indexOf('\r\n', start);
  if (lineEnd < 0) return null;
  const text = bytes.toString('utf8', start + 1, lineEnd);
  const end = lineEnd + 2;
  switch (String.fromCharCode(bytes[start] ?? 0)) {
    case '+':
      return { answer: text, end };
    case '-':
      throw new Error(text);
    case ':':
      return { answer: Number(text), end };
    case '$': {
      const length = Number(text);
      if (length < 0) return { answer: null, end };
      if (bytes.length < end + length + 2) return null;
      return { answer: bytes.toString('utf8', end, end + length), end: end + length + 2 };
    }
    case '*': {
      const answers: RedisAnswer[] = [];
      let at = end;
      for (let n = Number(text); n > 0; n -= 1) {
        const item = readAnswer(bytes, at);
        if (item === null) return null;
        answers.push(item.answer);
        at = item.end;
      }
      return { answer: answers, end: at };
    }
    default:
      throw new Error(`not an answer of Redis: ${text.slice(0, 100)}`);
  }
}

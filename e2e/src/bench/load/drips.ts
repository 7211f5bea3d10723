import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';

const DRIP_MS = 200;

export interface Drips {
  stop(): Promise<void>;
}

export interface DrippingSource extends Drips {
  /** An address of its own for each `n`, on a host of its own. */
  urlOf(n: number): string;
}

/** A site on many hosts (addresses of the loopback) that sends a byte now and then, for ever, to whoever asks. */
export async function startDrippingSource(): Promise<DrippingSource> {
  const server: Server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp4' });
    const drip = setInterval(() => response.write('.'), DRIP_MS);
    response.once('close', () => clearInterval(drip));
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const address = server.address();
  const port = address === null || typeof address === 'string' ? 0 : address.port;
  return {
    urlOf: (n) => `http://127.0.0.${n + 2}:${port}/video.mp4`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Forms whose video comes a byte at a time, for ever; whoever is cut off begins anew. */
export function startDrippingUploads(port: number, count: number): Drips {
  let isStopping = false;
  const open = new Set<Socket>();
  const begin = (): void => {
    if (isStopping) return;
    const socket = connect(port, '127.0.0.1');
    open.add(socket);
    socket.write(
      'POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n' +
        '--x\r\nContent-Disposition: form-data; name="video"; filename="a"\r\n\r\nfilm',
    );
    const timer = setInterval(() => socket.write('f'), DRIP_MS);
    // An answer means a refusal: the film never ends.
    socket.once('data', () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      clearInterval(timer);
      open.delete(socket);
      setTimeout(begin, DRIP_MS);
    });
  };
  for (let n = 0; n < count; n += 1) begin();
  return {
    async stop() {
      isStopping = true;
      for (const socket of open) socket.destroy();
    },
  };
}

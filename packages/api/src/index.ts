export type { ApiPorts, ApiSettings } from './api-ports.js';
export { createApp } from './app.js';
export { closeServer, listen } from './http-server.js';
